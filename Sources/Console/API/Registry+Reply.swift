import Enrollment
import Experiments
import HTTPServer

extension Registry {
    /// Answers a device: at once if it is known, or else when its enrollment is durable.
    ///
    /// - Parameter attributes: what is known of it, should it be new.
    func reply(
        to token: DeviceToken, attributes: Attributes = .none, _ answer: @escaping @Sendable (Device) -> Response
    ) -> Reply {
        if let device = device(for: token) { return .response(answer(device)) }
        return enrolling(token, attributes: attributes) { device, _ in .response(answer(device)) }
    }

    /// Answers a device that is not known when its enrollment is durable; the answer is made on the event loop, given the loop's stripe.
    func enrolling(
        _ token: DeviceToken, attributes: Attributes = .none, _ answer: @escaping @Sendable (Device, _ stripe: Int) -> Answer
    ) -> Reply {
        .deferred { responder in
            self.enroll(token, attributes: attributes) { result in
                switch result {
                case .success(let device): responder.respond { stripe in answer(device, stripe) }
                case .failure(let error): responder.fail(error.problem)
                }
            }
        }
    }
}
