import Analysis
import Experiments
import Text

/// What `--check` found: whether a plan is sound and its sources have what it asks for, and else the first place where they do not.
struct PlanCheck {
    /// The plan's file.
    let path: String
    /// What the plan calls its experiment; nil where the plan cannot be read.
    let experiment: String?
    /// What is wrong; nil where nothing is.
    let problem: Problem?

    /// Something wrong, with its place in the plan.
    struct Problem {
        let place: TextPlace
        let message: String
        /// The word that was meant.
        let suggestion: String?

        init(_ error: YAMLError) { (place, message, suggestion) = (error.place, error.message, error.suggestion) }

        /// Nil where it is not the plan that is wrong.
        init?(_ error: AnalysisError) {
            guard case .plan(let place, let message, let suggestion) = error else { return nil }
            (self.place, self.message, self.suggestion) = (place, message, suggestion)
        }
    }

    var json: JSONValue {
        let problems = [problem].compactMap(\.self).map { problem in
            [
                "line": .integer(problem.place.line), "column": .integer(problem.place.column), "message": .string(problem.message),
                "suggestion": problem.suggestion.map(JSONValue.string) ?? .null,
            ] as JSONValue
        }
        return [
            "plan": .string(path), "experiment": experiment.map(JSONValue.string) ?? .null, "valid": .boolean(problem == nil),
            "problems": .array(problems),
        ]
    }
}
