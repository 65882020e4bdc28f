import Testing

@Suite struct gossetTests {}
