import Enrollment
import HTTPServer

extension Registry {
    /// Answers a device: at once if it is known, or else when its enrollment is durable.
    func reply(to token: DeviceToken, _ answer: @escaping @Sendable (Device) -> Response) -> Reply {
        if let device = device(for: token) { return .response(answer(device)) }
        return .deferred { responder in
            self.enroll(token) { result in
                switch result {
                case .success(let device): responder.respond { _ in .response(answer(device)) }
                case .failure(let error): responder.fail(error.problem)
                }
            }
        }
    }
}
