import Randomization
import Testing

@Suite struct SipHashTests {
    // Key 00…0f and message 00, 01, 02, … of the given length, hashed by libsodium 1.0.18 (`siphash24` and `siphashx24`).
    static let reference: [(length: Int, short: UInt64, first: UInt64, second: UInt64)] = [
        (0, 0x726f_db47_dd0e_0e31, 0xe6a8_25ba_047f_81a3, 0x9302_55c7_1472_f66d),
        (1, 0x74f8_39c5_93dc_67fd, 0x44af_996b_d8c1_87da, 0x45fc_229b_1159_7634),
        (7, 0xab02_00f5_8b01_d137, 0x53c1_dbd8_beeb_f1a1, 0x3982_f01f_a64a_b8c0),
        (8, 0x93f5_f579_9a93_2462, 0x61f5_5862_baa9_623b, 0xb497_14f3_64e2_830f),
        (15, 0xa129_ca61_49be_45e5, 0x11a8_b033_99e9_9354, 0xd9c3_cf97_0fec_087e),
        (24, 0xb8ad_50c6_f649_af94, 0xd850_bd78_ae79_b42d, 0xad32_618a_178a_2a88),
        (63, 0x958a_324c_eb06_4572, 0x4a83_502f_77d1_5051, 0x7cbd_3f97_9a06_3e50),
    ]
    let key = SecretKey(low: 0x0706_0504_0302_0100, high: 0x0f0e_0d0c_0b0a_0908)

    @Test(arguments: reference.indices)
    func `hashes agree with libsodium`(_ index: Int) {
        let expected = SipHashTests.reference[index]
        let message = (0..<expected.length).map(UInt8.init)
        message.withUnsafeBytes { bytes in
            #expect(SipHash.hash64(bytes, key: key) == expected.short)
            #expect(SipHash.hash128(bytes, key: key) == SipHash.Digest128(first: expected.first, second: expected.second))
        }
    }

    @Test func `three words hash as their twenty-four bytes`() {
        let words: [UInt64] = [0x0706_0504_0302_0100, 0x0f0e_0d0c_0b0a_0908, 0x1716_1514_1312_1110]
        #expect(SipHash.hash64(words[0], words[1], words[2], key: key) == 0xb8ad_50c6_f649_af94)
        let wide = SipHash.hash128(words[0], words[1], words[2], key: key)
        #expect(wide == SipHash.Digest128(first: 0xd850_bd78_ae79_b42d, second: 0xad32_618a_178a_2a88))
    }
}
