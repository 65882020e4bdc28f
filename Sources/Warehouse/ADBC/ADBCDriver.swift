/// Which ADBC driver to load, and what to tell it.
package struct ADBCDriver: Hashable, Sendable {
    /// What people call it.
    let name: String
    /// What is connected to, without secrets.
    let address: String
    /// Its shared library.
    let library: String
    /// The function of it that fills in the driver.
    let entryPoint: String
    /// A library whose symbols it needs without asking for it.
    let preload: String?
    /// The options of the database.
    let options: [String: String]
    /// What to do when it cannot be loaded.
    let advice: String

    init(
        name: String, address: String, library: String, entryPoint: String, options: [String: String], advice: String
    ) {
        (self.name, self.address, self.library, self.entryPoint, self.options) = (name, address, library, entryPoint, options)
        preload = ADBCDriver.python(for: library)
        self.advice = advice
    }

    /// A library made as an extension of Python needs the library of that very Python; no interpreter is ever started.
    private static func python(for library: String) -> String? {
        let file = library.split(separator: "/").last ?? ""
        if file.contains(".abi3.") { return "libpython3.11.so.1.0" }
        guard let mark = file.firstRange(of: ".cpython-3") else { return nil }
        let minor = file[mark.upperBound...].prefix { $0.isNumber }
        return "libpython3.\(minor).so.1.0"
    }
}
