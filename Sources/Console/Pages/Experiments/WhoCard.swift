import Enrollment
import Experiments
import HTTPServer
import Text

/// Who could be in the experiment that is being made: the share of new devices, and what conditions mean, as far as anybody can know.
struct WhoCard {
    let form: NewExperimentForm
    let registry: Registry

    /// Sentences, or what is wrong.
    var html: HTML {
        do {
            let lines = try self.lines
            return "<ul class=\"consequences\">\(lines.map { "<li>\($0)</li>" as HTML })</ul>\n"
        } catch {
            let reason = (error as? NewExperimentForm.Mistake)?.reason ?? "\(error)"
            return "<p class=\"notice bad\" role=\"alert\">\(reason)</p>\n"
        }
    }

    private var lines: [String] {
        get throws {
            let catalogue = registry.catalogue
            var lines = [try Participation(form, in: catalogue).text]
            if let targeting = try form.targeting() {
                lines.append(
                    "Of them those of which this is known at their first contact: \(TargetingWords.conditions(targeting).joined(separator: "; "))."
                )
                lines.append(seen(targeting))
            }
            return lines
        }
    }

    /// What the newcomers of the last time told, and that nothing is known of earlier ones.
    private func seen(_ targeting: Targeting) -> String {
        let recent = registry.recentAttributes
        let old =
            registry.nextOrdinal == 0
            ? "" : " What the \(Numbers.devices(registry.nextOrdinal)) known by now told is not kept; they are older, and never in it."
        guard !recent.isEmpty else {
            return "How many that are cannot be said: no device came since this server was started.\(old)"
        }
        let matching = recent.count { targeting.matches($0) }
        let silent = targeting.tests.keys.sorted().compactMap { name -> String? in
            if targeting.tests[name] == .exists(false) { return nil }
            let count = recent.count { $0.values[name] == nil }
            return count == 0 ? nil : "\(Figures.count(count)) did not tell ‘\(name)’"
        }
        let share = Numbers.percent(100 * Double(matching) / Double(recent.count))
        return
            "Of the last \(Numbers.devices(UInt64(recent.count))) that came to this server, \(Figures.count(matching)) (\(share)) would match"
            + (silent.isEmpty ? "." : "; \(silent.joined(separator: ", ")).") + old
    }
}
