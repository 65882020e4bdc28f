#include "CBoostMath.h"

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/fisher_f.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <cmath>
#include <limits>

namespace {

using real = long double;

using quiet = boost::math::policies::policy<
    boost::math::policies::domain_error<boost::math::policies::ignore_error>,
    boost::math::policies::pole_error<boost::math::policies::ignore_error>,
    boost::math::policies::overflow_error<boost::math::policies::ignore_error>,
    boost::math::policies::underflow_error<boost::math::policies::ignore_error>,
    boost::math::policies::denorm_error<boost::math::policies::ignore_error>,
    boost::math::policies::evaluation_error<boost::math::policies::ignore_error>,
    boost::math::policies::rounding_error<boost::math::policies::ignore_error>,
    boost::math::policies::indeterminate_result_error<boost::math::policies::ignore_error>>;

using student_t = boost::math::students_t_distribution<real, quiet>;
using fisher_f = boost::math::fisher_f_distribution<real, quiet>;
using beta_law = boost::math::beta_distribution<real, quiet>;
using gamma_law = boost::math::gamma_distribution<real, quiet>;

/// Runs `body`; whatever it throws becomes NaN.
template <class Body>
double guarded(Body body) noexcept {
    try {
        return static_cast<double>(body());
    } catch (...) {
        return std::numeric_limits<double>::quiet_NaN();
    }
}

real log_gamma(real x) { return boost::math::lgamma(x, quiet()); }

/// log Γ(x+1) less Stirling's approximation to it (DLMF 5.11.1).
real stirling_error(real x) {
    if (x == 0) return std::numeric_limits<real>::infinity();
    if (x < 30) return log_gamma(x + 1) - (x + 0.5L) * std::log(x) + x - 0.918938533204672741780329736405617640L;
    const real s = 1 / (x * x);
    return (1 / 12.0L - s * (1 / 360.0L - s * (1 / 1260.0L - s * (1 / 1680.0L - s * (1 / 1188.0L - s * (691 / 360360.0L - s * (1 / 156.0L - s * 3617 / 122400.0L))))))) / x;
}

real log_beta(real a, real b) {
    if (std::max(a, b) < 30) return std::log(boost::math::beta(a, b, quiet()));
    // Three log-gammas would cancel; with Stirling's formula taken out of each, what is left does not.
    const real errors = stirling_error(a) + stirling_error(b) - stirling_error(a + b);
    const real log_root_two_pi = 0.918938533204672741780329736405617640L;
    return errors + log_root_two_pi - a * std::log1p(b / a) - b * std::log1p(a / b) + std::log(1 / a + 1 / b) / 2;
}

/// The modified Lentz evaluation of a continued fraction b0 + a1/(b1 + a2/(b2 + …)).
template <class Terms>
real continued_fraction(real b0, Terms terms) {
    const real tiny = std::numeric_limits<real>::min() * 1e30L;
    real value = b0 == 0 ? tiny : b0, c = value, d = 0;
    for (int i = 1; i < 100000; ++i) {
        const auto [a, b] = terms(i);
        d = b + a * d;
        d = 1 / (d == 0 ? tiny : d);
        c = b + a / c;
        c = c == 0 ? tiny : c;
        const real change = c * d;
        value *= change;
        if (std::abs(change - 1) < std::numeric_limits<real>::epsilon()) break;
    }
    return value;
}

/// log Q(a, x) for x far above a: Legendre's continued fraction (DLMF 8.9.2).
real log_gamma_upper(real a, real x) {
    const real fraction = continued_fraction(x + 1 - a, [=](int i) { return std::pair<real, real>(-i * (i - a), x + 2 * i + 1 - a); });
    return a * std::log(x) - x - log_gamma(a) - std::log(fraction);
}

/// log P(a, x) for x far below a: the power series (DLMF 8.11.4).
real log_gamma_lower(real a, real x) {
    real term = 1, sum = 1;
    for (int n = 1; n < 100000 && term > sum * std::numeric_limits<real>::epsilon(); ++n) {
        term *= x / (a + n);
        sum += term;
    }
    return a * std::log(x) - x - log_gamma(a + 1) + std::log(sum);
}

/// log I_x(a, b) in its far lower tail, y = 1 - x: the continued fraction (DLMF 8.17.22).
real log_beta_lower(real a, real b, real x, real y) {
    const real fraction = continued_fraction(1, [=](int i) {
        const real m = i / 2;
        const real d = i % 2 == 0 ? m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)) : -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        return std::pair<real, real>(d, 1);
    });
    return a * std::log(x) + b * std::log(y) - std::log(a) - log_beta(a, b) - std::log(fraction);
}

/// The logarithm of `p`, taken from its complement above one half, and from `far` where even a long double is exhausted.
template <class Far>
real log_probability(real p, real complement, Far far) {
    if (p > 0.5L) return std::log1p(-complement);
    if (p > std::numeric_limits<real>::min()) return std::log(p);
    return far();
}

/// x log(x/m) + m - x without cancellation near x = m: Loader's "deviance part".
real deviance(real x, real m) {
    if (x == 0) return m;
    const real v = (x - m) / (x + m);
    if (std::abs(v) >= 0.1L) return x * std::log(x / m) + m - x;
    // x log((1+v)/(1-v)) - (x - m), from the series of the inverse hyperbolic tangent.
    real sum = (x - m) * v, power = 2 * x * v;
    for (int j = 1; j < 1000; ++j) {
        power *= v * v;
        const real next = sum + power / (2 * j + 1);
        if (next == sum) break;
        sum = next;
    }
    return sum;
}

/// The logarithm of the binomial mass by the saddle-point expansion: C. Loader, "Fast and accurate computation of binomial
/// probabilities" (2000).
real binomial_log_mass(real n, real p, real q, real k) {
    if (k == 0) return p < 0.5L ? n * std::log1p(-p) : n * std::log(q);
    if (k == n) return q < 0.5L ? n * std::log1p(-q) : n * std::log(p);
    const real errors = stirling_error(n) - stirling_error(k) - stirling_error(n - k);
    const real two_pi = 6.283185307179586476925286766559005768L;
    return errors - deviance(k, n * p) - deviance(n - k, n * q) + std::log(n / (two_pi * k * (n - k))) / 2;
}

/// A hypergeometric law and its tails.
struct hypergeometric {
    real population, marked, draws;

    real lowest() const { return std::max(real(0), draws - (population - marked)); }
    real highest() const { return std::min(marked, draws); }

    /// As a ratio of three binomial masses, the same for every success probability (Loader 2000); draws/population keeps all three large.
    real log_mass(real k) const {
        if (k < lowest() || k > highest()) return -std::numeric_limits<real>::infinity();
        if (draws == 0 || draws == population) return 0;
        const real p = draws / population, q = (population - draws) / population;
        return binomial_log_mass(marked, p, q, k) + binomial_log_mass(population - marked, p, q, draws - k) - binomial_log_mass(population, p, q, draws);
    }

    /// Mass of count + direction over mass of count.
    real ratio(real k, int direction) const {
        if (direction > 0) return (marked - k) / (k + 1) * ((draws - k) / (population - marked - draws + k + 1));
        return k / (marked - k + 1) * ((population - marked - draws + k) / (draws - k + 1));
    }

    /// The sum of the masses from `k` outward, as a multiple of the first.
    real outward(real k, int direction) const {
        real sum = 1, term = 1;
        const real last = direction > 0 ? highest() : lowest();
        while (k != last && term > sum * std::numeric_limits<real>::epsilon() / 16) {
            term *= ratio(k, direction);
            sum += term;
            k += direction;
        }
        return sum;
    }

    real mode() const { return std::floor((draws + 1) * (marked + 1) / (population + 2)); }

    /// The logarithm of P(X <= k) when direction is -1, of P(X >= k) when it is 1; the side that holds the mode comes from the other one.
    real log_tail(real k, int direction) const {
        if (direction < 0 ? k < lowest() : k > highest()) return -std::numeric_limits<real>::infinity();
        if (direction < 0 ? k >= highest() : k <= lowest()) return 0;
        const bool holds_mode = direction < 0 ? k >= mode() : k <= mode();
        if (holds_mode) return std::log1p(-std::exp(log_tail(k - direction, -direction)));
        return log_mass(k) + std::log(outward(k, direction));
    }
};

/// I_x(1/2, 1/2), the arcsine law, which Boost takes from 1 - x even where that has rounded to one.
real arcsine(real x, real y) {
    const real two_over_pi = 0.636619772367581343075535053490057448L;
    return x < y ? two_over_pi * std::asin(std::sqrt(x)) : 1 - two_over_pi * std::asin(std::sqrt(y));
}

real beta_lower(real a, real b, real x) { return a == 0.5L && b == 0.5L ? arcsine(x, 1 - x) : boost::math::ibeta(a, b, x, quiet()); }
real beta_upper(real a, real b, real x) { return a == 0.5L && b == 0.5L ? arcsine(1 - x, x) : boost::math::ibetac(a, b, x, quiet()); }

real f_lower(real m, real n, real x) { return m == 1 && n == 1 ? arcsine(x / (1 + x), 1 / (1 + x)) : cdf(fisher_f(m, n), x); }
real f_upper(real m, real n, real x) { return m == 1 && n == 1 ? arcsine(1 / (1 + x), x / (1 + x)) : cdf(complement(fisher_f(m, n), x)); }

const real root_half = 0.707106781186547524400844362104849039L;

real normal_cdf(real z) { return erfcl(-z * root_half) / 2; }

}  // namespace

extern "C" {

double boostmath_log_gamma(double x) { return guarded([=] { return log_gamma(x); }); }
double boostmath_log_beta(double a, double b) { return guarded([=] { return log_beta(a, b); }); }

double boostmath_stirling_error(double x) { return guarded([=] { return stirling_error(x); }); }

double boostmath_normal_cdf(double z) { return static_cast<double>(normal_cdf(z)); }

double boostmath_normal_log_cdf(double z) {
    return guarded([=] {
        return log_probability(normal_cdf(z), normal_cdf(-static_cast<real>(z)), [=] {
            // 2 P(Z < z) = Q(1/2, z²/2) for z < 0.
            const real x = static_cast<real>(z) * z / 2;
            return std::isinf(x) ? -x : log_gamma_upper(0.5L, x) - std::log(2.0L);
        });
    });
}

double boostmath_normal_quantile(double p) {
    return guarded([=] { return -boost::math::erfc_inv(2 * static_cast<real>(p), quiet()) / root_half; });
}

// Student t

double boostmath_student_t_density(double v, double t) { return guarded([=] { return pdf(student_t(v), static_cast<real>(t)); }); }

double boostmath_student_t_log_density(double v, double t) {
    return guarded([=] {
        const real n = v, x = t;
        return -(n + 1) / 2 * std::log1p(x * x / n) - std::log(n) / 2 - log_beta(n / 2, 0.5L);
    });
}

double boostmath_student_t_cdf(double v, double t) { return guarded([=] { return cdf(student_t(v), static_cast<real>(t)); }); }
double boostmath_student_t_survival(double v, double t) { return boostmath_student_t_cdf(v, -t); }

double boostmath_student_t_log_cdf(double v, double t) {
    return guarded([=] {
        const student_t law(v);
        const real x = t, n = v;
        return log_probability(cdf(law, x), cdf(law, -x), [=] {
            if (std::isinf(x)) return x;
            return log_beta_lower(n / 2, 0.5L, n / (n + x * x), x * x / (n + x * x)) - std::log(2.0L);
        });
    });
}

double boostmath_student_t_log_survival(double v, double t) { return boostmath_student_t_log_cdf(v, -t); }
double boostmath_student_t_quantile(double v, double p) { return guarded([=] { return quantile(student_t(v), static_cast<real>(p)); }); }
double boostmath_student_t_inverse_survival(double v, double q) { return -boostmath_student_t_quantile(v, q); }

// F

double boostmath_f_density(double m, double n, double x) { return guarded([=] { return pdf(fisher_f(m, n), static_cast<real>(x)); }); }

double boostmath_f_log_density(double m, double n, double x) {
    return guarded([=] {
        const real a = m, b = n, y = x;
        const real scale = (a == 2 ? 0 : (a / 2 - 1) * std::log(y)) + a / 2 * std::log(a / b);
        return scale - (a + b) / 2 * std::log1p(a * y / b) - log_beta(a / 2, b / 2);
    });
}

double boostmath_f_cdf(double m, double n, double x) { return guarded([=] { return f_lower(m, n, x); }); }
double boostmath_f_survival(double m, double n, double x) { return guarded([=] { return f_upper(m, n, x); }); }

double boostmath_f_log_cdf(double m, double n, double x) {
    return guarded([=] {
        const real y = x, a = m, b = n;
        return log_probability(f_lower(a, b, y), f_upper(a, b, y), [=] {
            return log_beta_lower(a / 2, b / 2, a * y / (b + a * y), b / (b + a * y));
        });
    });
}

double boostmath_f_log_survival(double m, double n, double x) {
    return guarded([=] {
        const real y = x, a = m, b = n;
        return log_probability(f_upper(a, b, y), f_lower(a, b, y), [=] {
            return log_beta_lower(b / 2, a / 2, b / (b + a * y), a * y / (b + a * y));
        });
    });
}

double boostmath_f_quantile(double m, double n, double p) { return guarded([=] { return quantile(fisher_f(m, n), static_cast<real>(p)); }); }
double boostmath_f_inverse_survival(double m, double n, double q) {
    return guarded([=] { return quantile(complement(fisher_f(m, n), static_cast<real>(q))); });
}

// Beta

double boostmath_beta_density(double a, double b, double x) { return guarded([=] { return pdf(beta_law(a, b), static_cast<real>(x)); }); }

double boostmath_beta_log_density(double a, double b, double x) {
    return guarded([=] {
        const real y = x;
        const real left = a == 1 ? 0 : (static_cast<real>(a) - 1) * std::log(y);
        const real right = b == 1 ? 0 : (static_cast<real>(b) - 1) * std::log1p(-y);
        return left + right - log_beta(a, b);
    });
}

double boostmath_beta_cdf(double a, double b, double x) { return guarded([=] { return beta_lower(a, b, x); }); }
double boostmath_beta_survival(double a, double b, double x) { return guarded([=] { return beta_upper(a, b, x); }); }

double boostmath_beta_log_cdf(double a, double b, double x) {
    return guarded([=] {
        const real y = x;
        return log_probability(beta_lower(a, b, y), beta_upper(a, b, y), [=] { return log_beta_lower(a, b, y, 1 - y); });
    });
}

double boostmath_beta_log_survival(double a, double b, double x) {
    return guarded([=] {
        const real y = x;
        return log_probability(beta_upper(a, b, y), beta_lower(a, b, y), [=] { return log_beta_lower(b, a, 1 - y, y); });
    });
}

double boostmath_beta_quantile(double a, double b, double p) { return guarded([=] { return quantile(beta_law(a, b), static_cast<real>(p)); }); }
double boostmath_beta_inverse_survival(double a, double b, double q) {
    return guarded([=] { return quantile(complement(beta_law(a, b), static_cast<real>(q))); });
}

// Gamma, of unit scale

double boostmath_gamma_density(double k, double x) { return guarded([=] { return pdf(gamma_law(k), static_cast<real>(x)); }); }

double boostmath_gamma_log_density(double k, double x) {
    return guarded([=] {
        const real a = k, y = x;
        return (a == 1 ? 0 : (a - 1) * std::log(y)) - y - log_gamma(a);
    });
}

double boostmath_gamma_cdf(double k, double x) { return guarded([=] { return boost::math::gamma_p(static_cast<real>(k), static_cast<real>(x), quiet()); }); }
double boostmath_gamma_survival(double k, double x) { return guarded([=] { return boost::math::gamma_q(static_cast<real>(k), static_cast<real>(x), quiet()); }); }

double boostmath_gamma_log_cdf(double k, double x) {
    return guarded([=] {
        const real a = k, y = x;
        return log_probability(boost::math::gamma_p(a, y, quiet()), boost::math::gamma_q(a, y, quiet()), [=] { return log_gamma_lower(a, y); });
    });
}

double boostmath_gamma_log_survival(double k, double x) {
    return guarded([=] {
        const real a = k, y = x;
        return log_probability(boost::math::gamma_q(a, y, quiet()), boost::math::gamma_p(a, y, quiet()), [=] {
            return std::isinf(y) ? -y : log_gamma_upper(a, y);
        });
    });
}

double boostmath_gamma_quantile(double k, double p) { return guarded([=] { return boost::math::gamma_p_inv(static_cast<real>(k), static_cast<real>(p), quiet()); }); }
double boostmath_gamma_inverse_survival(double k, double q) {
    return guarded([=] { return boost::math::gamma_q_inv(static_cast<real>(k), static_cast<real>(q), quiet()); });
}

// Binomial: P(X <= k) = I_{1-p}(n-k, k+1)

double boostmath_binomial_mass(double n, double p, double k) {
    return guarded([=] {
        const real trials = n, chance = p, count = k;
        return boost::math::ibeta_derivative(count + 1, trials - count + 1, chance, quiet()) / (trials + 1);
    });
}

double boostmath_binomial_log_mass(double n, double p, double k) {
    return guarded([=] {
        const real trials = n, chance = p, count = k;
        const real ways = -std::log(trials + 1) - log_beta(trials - count + 1, count + 1);
        const real hits = k == 0 ? 0 : count * std::log(chance), misses = k == n ? 0 : (trials - count) * std::log1p(-chance);
        return ways + hits + misses;
    });
}

double boostmath_binomial_cdf(double n, double p, double k) {
    return guarded([=] { return boost::math::ibetac(static_cast<real>(k) + 1, static_cast<real>(n) - k, static_cast<real>(p), quiet()); });
}

double boostmath_binomial_survival(double n, double p, double k) {
    return guarded([=] { return boost::math::ibeta(static_cast<real>(k) + 1, static_cast<real>(n) - k, static_cast<real>(p), quiet()); });
}

double boostmath_binomial_log_cdf(double n, double p, double k) {
    return guarded([=] {
        const real a = static_cast<real>(k) + 1, b = static_cast<real>(n) - k, x = p;
        return log_probability(boost::math::ibetac(a, b, x, quiet()), boost::math::ibeta(a, b, x, quiet()), [=] { return log_beta_lower(b, a, 1 - x, x); });
    });
}

double boostmath_binomial_log_survival(double n, double p, double k) {
    return guarded([=] {
        const real a = static_cast<real>(k) + 1, b = static_cast<real>(n) - k, x = p;
        return log_probability(boost::math::ibeta(a, b, x, quiet()), boost::math::ibetac(a, b, x, quiet()), [=] { return log_beta_lower(a, b, x, 1 - x); });
    });
}

// Hypergeometric

double boostmath_hypergeometric_log_mass(double population, double marked, double draws, double k) {
    return guarded([=] { return hypergeometric{population, marked, draws}.log_mass(k); });
}

double boostmath_hypergeometric_cdf(double population, double marked, double draws, double k) {
    return guarded([=] { return std::exp(hypergeometric{population, marked, draws}.log_tail(k, -1)); });
}

double boostmath_hypergeometric_log_cdf(double population, double marked, double draws, double k) {
    return guarded([=] { return hypergeometric{population, marked, draws}.log_tail(k, -1); });
}

double boostmath_hypergeometric_survival(double population, double marked, double draws, double k) {
    return guarded([=] { return std::exp(hypergeometric{population, marked, draws}.log_tail(static_cast<real>(k) + 1, 1)); });
}

double boostmath_hypergeometric_log_survival(double population, double marked, double draws, double k) {
    return guarded([=] { return hypergeometric{population, marked, draws}.log_tail(static_cast<real>(k) + 1, 1); });
}

// Poisson: P(X <= k) = Q(k+1, mean)

double boostmath_poisson_mass(double mean, double k) {
    return guarded([=] { return boost::math::gamma_p_derivative(static_cast<real>(k) + 1, static_cast<real>(mean), quiet()); });
}

double boostmath_poisson_log_mass(double mean, double k) {
    return guarded([=] {
        const real m = mean, count = k;
        return count * std::log(m) - m - log_gamma(count + 1);
    });
}

double boostmath_poisson_cdf(double mean, double k) { return boostmath_gamma_survival(k + 1, mean); }
double boostmath_poisson_survival(double mean, double k) { return boostmath_gamma_cdf(k + 1, mean); }
double boostmath_poisson_log_cdf(double mean, double k) { return boostmath_gamma_log_survival(k + 1, mean); }
double boostmath_poisson_log_survival(double mean, double k) { return boostmath_gamma_log_cdf(k + 1, mean); }

}
