internal import CCurl
internal import Synchronization

/// Asks servers, one request after the other, and keeps the connection for the next.
///
/// It waits for the answer where it is called; ``HTTPClient`` is for tasks. Redirections are not followed, for they would carry what is sent
/// to somebody else, but by downloads, which send nothing; there are no cookies and no cache.
package final class HTTPConnection {
    private let handle: UnsafeMutableRawPointer
    private let patienceMilliseconds: Int
    private let mostBytes: Int

    /// What is asked may be thought about for long; a connection is made soon or not at all.
    private static let mostMillisecondsToConnect = 30_000

    /// libcurl wants to be set up once, before its first use.
    private static let isSetUp = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    /// - Parameters:
    ///   - patienceSeconds: how long a request may take, from the first byte sent to the last received, and how long nothing may come of a
    ///     download.
    ///   - mostBytes: how large the body of an answer may be.
    package init(patienceSeconds: Double = 30, mostBytes: Int = 64 << 20) {
        guard HTTPConnection.isSetUp, let handle = curl_easy_init() else { preconditionFailure("libcurl cannot be used") }
        self.handle = handle
        patienceMilliseconds = max(1, Int(patienceSeconds * 1000))
        self.mostBytes = mostBytes
    }

    deinit { curl_easy_cleanup(handle) }

    /// Sends a request and waits for the whole answer, whatever its status.
    package func send(_ call: HTTPCall) throws(HTTPFailure) -> HTTPAnswer { try send(call, Reception(mostBytes: mostBytes)) }

    func send(_ call: HTTPCall, _ reception: Reception) throws(HTTPFailure) -> HTTPAnswer {
        curl_easy_reset(handle)
        setGeneral(reception)
        guard set(CURLOPT_URL, call.url), set(CURLOPT_CUSTOMREQUEST, call.method), let list = HTTPConnection.list(call.headers) else {
            throw HTTPFailure(.malformed)
        }
        defer { curl_slist_free_all(list) }
        gosset_curl_pointer(handle, CURLOPT_HTTPHEADER, list)
        if call.method == "HEAD" { gosset_curl_number(handle, CURLOPT_NOBODY, 1) }
        let code: CURLcode
        // These have a length even if it is none.
        if let body = call.body ?? (["POST", "PUT", "PATCH"].contains(call.method) ? [] : nil) {
            code = body.withUnsafeBytes { bytes in
                gosset_curl_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count))
                // Without a pointer libcurl would ask for the body.
                return withUnsafePointer(to: UInt8(0)) { none in
                    gosset_curl_pointer(handle, CURLOPT_POSTFIELDS, bytes.baseAddress ?? UnsafeRawPointer(none))
                    return curl_easy_perform(handle)
                }
            }
        } else {
            code = curl_easy_perform(handle)
        }
        // Everything that was lent to libcurl for this request is given back before it goes out of scope.
        let status = Int(gosset_curl_status(handle))
        curl_easy_reset(handle)
        guard code == CURLE_OK else { throw HTTPFailure(reception.refusal ?? HTTPFailure.Cause(code)) }
        return HTTPAnswer(status: status, headers: reception.headers, body: reception.body)
    }

    private func setGeneral(_ reception: Reception) {
        gosset_curl_number(handle, CURLOPT_NOSIGNAL, 1)
        gosset_curl_number(handle, CURLOPT_CONNECTTIMEOUT_MS, min(patienceMilliseconds, HTTPConnection.mostMillisecondsToConnect))
        if reception.isDownload {
            // However long it takes, as long as something comes.
            gosset_curl_number(handle, CURLOPT_LOW_SPEED_LIMIT, 1)
            gosset_curl_number(handle, CURLOPT_LOW_SPEED_TIME, max(1, patienceMilliseconds / 1000))
            gosset_curl_number(handle, CURLOPT_FOLLOWLOCATION, 1)
            gosset_curl_number(handle, CURLOPT_MAXREDIRS, 10)
            _ = set(CURLOPT_REDIR_PROTOCOLS_STR, "http,https")
        } else {
            gosset_curl_number(handle, CURLOPT_TIMEOUT_MS, patienceMilliseconds)
        }
        _ = set(CURLOPT_PROTOCOLS_STR, "http,https")
        _ = set(CURLOPT_USERAGENT, "Gosset")
        // `send` keeps the reception alive until libcurl is done.
        let context = Unmanaged.passUnretained(reception).toOpaque()
        gosset_curl_pointer(handle, CURLOPT_WRITEDATA, context)
        gosset_curl_pointer(handle, CURLOPT_HEADERDATA, context)
        gosset_curl_pointer(handle, CURLOPT_XFERINFODATA, context)
        gosset_curl_taker_of(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            Reception.from(context).takeBody(UnsafeRawBufferPointer(start: bytes, count: size * count)) ? size * count : 0
        }
        gosset_curl_taker_of(handle, CURLOPT_HEADERFUNCTION) { bytes, size, count, context in
            Reception.from(context).takeHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
            return size * count
        }
        gosset_curl_number(handle, CURLOPT_NOPROGRESS, 0)
        gosset_curl_watch(handle) { context, _, _, _, _ in Reception.from(context).isCalledOff ? 1 : 0 }
    }

    /// libcurl copies the text.
    private func set(_ option: CURLoption, _ text: String) -> Bool {
        guard !text.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F }) else { return false }
        return text.withCString { gosset_curl_pointer(handle, option, $0) } == CURLE_OK
    }

    /// The headers as libcurl wants them, without those that it would add itself; nil if one would break the request.
    private static func list(_ headers: [(name: String, value: String)]) -> UnsafeMutablePointer<curl_slist>? {
        var list = curl_slist_append(nil, "Expect:")
        if !headers.contains(where: { $0.name.lowercased() == "content-type" }) { list = curl_slist_append(list, "Content-Type:") }
        for (name, value) in headers {
            guard !name.isEmpty, !(name + value).utf8.contains(where: { $0 < 0x20 || $0 == 0x7F }) else {
                curl_slist_free_all(list)
                return nil
            }
            // Without a value libcurl would leave the header out, unless a semicolon stands for the colon.
            list = curl_slist_append(list, value.isEmpty ? name + ";" : "\(name): \(value)")
        }
        return list
    }
}

extension HTTPFailure.Cause {
    fileprivate init(_ code: CURLcode) {
        self =
            switch code {
            case CURLE_OPERATION_TIMEDOUT: .timedOut
            case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY: .unknownHost
            case CURLE_COULDNT_CONNECT: .unreachable
            case CURLE_SEND_ERROR, CURLE_RECV_ERROR, CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE: .broken
            case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
                CURLE_SSL_CACERT_BADFILE, CURLE_SSL_INVALIDCERTSTATUS:
                .insecure
            case CURLE_ABORTED_BY_CALLBACK: .calledOff
            case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: .malformed
            case CURLE_TOO_MANY_REDIRECTS: .astray
            default: .other(code: Int(code.rawValue))
            }
    }
}
