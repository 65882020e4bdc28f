// Randomization
