import Testing

@Suite struct RandomizationTests {}
