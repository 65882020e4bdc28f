import Testing

@Suite struct EnrollmentTests {}
