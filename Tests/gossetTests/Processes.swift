import Testing

// Everything here is tried on the program itself, as a process of its own.
//
// One suite after the other: they load the machine, fill disks and end processes, and would disturb each other's haste.
@Suite(.serialized) enum Processes {}
