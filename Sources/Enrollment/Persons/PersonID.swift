/// What a team calls a person: 1 to 256 visible ASCII bytes, compared byte for byte, but not `.` or `..`, which no address can end in.
///
/// It may be personal data, so it is not written into any log; the account's number is a better choice than an address.
package struct PersonID: Sendable, Hashable {
    package let text: String

    /// Accepts a string by the rules of device tokens.
    package init(_ string: String) throws(PersonIDError) {
        do throws(DeviceTokenError) {
            try DeviceToken.validate(string.utf8.span)
        } catch {
            throw PersonIDError(rule: error)
        }
        text = string
    }

    /// Takes an id that may have been accepted before dots alone were refused.
    package init(stored string: String) throws(PersonIDError) {
        do throws(DeviceTokenError) {
            try DeviceToken.validate(stored: string.utf8.span)
        } catch {
            throw PersonIDError(rule: error)
        }
        text = string
    }
}

/// The rule that a would-be name of a person breaks.
package struct PersonIDError: Error, Sendable, Hashable {
    package let rule: DeviceTokenError
}

extension PersonIDError: CustomStringConvertible {
    package var description: String { rule.description.replacing("device token", with: "person's id") }
}
