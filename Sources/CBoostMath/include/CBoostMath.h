#ifndef CBOOSTMATH_H
#define CBOOSTMATH_H

// Special functions of Boost.Math behind a C interface.
//
// What a caller may rely on:
//  - No exception leaves these functions: every Boost policy is "ignore", and what still throws becomes NaN.
//  - Arguments are validated by the caller. An argument outside a function's domain gives NaN, a result too large gives
//    infinity, one too small gives a subnormal number or zero.
//  - Everything is computed in long double (64 bits of mantissa on x86) and rounded once at the end, so a double result
//    is normally within one unit in the last place, and a logarithm is right far below the smallest double.

#ifdef __cplusplus
extern "C" {
#endif

double boostmath_log_gamma(double x);
double boostmath_log_beta(double a, double b);

/// log Γ(x+1) - (x+½) log x + x - ½ log 2π.
double boostmath_stirling_error(double x);

double boostmath_normal_cdf(double z);
double boostmath_normal_log_cdf(double z);
double boostmath_normal_quantile(double p);

#define BOOSTMATH_DISTRIBUTION(name, parameters)                 \
    double boostmath_##name##_density parameters;                \
    double boostmath_##name##_log_density parameters;            \
    double boostmath_##name##_cdf parameters;                    \
    double boostmath_##name##_survival parameters;               \
    double boostmath_##name##_log_cdf parameters;                \
    double boostmath_##name##_log_survival parameters;           \
    double boostmath_##name##_quantile parameters;               \
    double boostmath_##name##_inverse_survival parameters;

// The last parameter is where the function is asked: a value, or for the two inverses a probability.
BOOSTMATH_DISTRIBUTION(student_t, (double degrees, double at))
BOOSTMATH_DISTRIBUTION(f, (double numerator, double denominator, double at))
BOOSTMATH_DISTRIBUTION(beta, (double a, double b, double at))
BOOSTMATH_DISTRIBUTION(gamma, (double shape, double at))

double boostmath_binomial_mass(double trials, double probability, double count);
double boostmath_binomial_log_mass(double trials, double probability, double count);
double boostmath_binomial_cdf(double trials, double probability, double count);
double boostmath_binomial_survival(double trials, double probability, double count);
double boostmath_binomial_log_cdf(double trials, double probability, double count);
double boostmath_binomial_log_survival(double trials, double probability, double count);

// Sampling `draws` without replacement from `population` of which `marked` are marked. The tail sums start at their
// largest term and only ever add positive ones.
double boostmath_hypergeometric_log_mass(double population, double marked, double draws, double count);
double boostmath_hypergeometric_cdf(double population, double marked, double draws, double count);
double boostmath_hypergeometric_log_cdf(double population, double marked, double draws, double count);
double boostmath_hypergeometric_survival(double population, double marked, double draws, double count);
double boostmath_hypergeometric_log_survival(double population, double marked, double draws, double count);

double boostmath_poisson_mass(double mean, double count);
double boostmath_poisson_log_mass(double mean, double count);
double boostmath_poisson_cdf(double mean, double count);
double boostmath_poisson_survival(double mean, double count);
double boostmath_poisson_log_cdf(double mean, double count);
double boostmath_poisson_log_survival(double mean, double count);

#undef BOOSTMATH_DISTRIBUTION

#ifdef __cplusplus
}
#endif
#endif
