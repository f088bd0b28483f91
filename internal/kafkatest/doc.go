// Package kafkatest is test support: real Apache Kafka and ZooKeeper processes on 127.0.0.1, and
// in-process fakes.
//
// Whatever a test needs of the machine beyond Go is a [Tier], and [Require] is the one gate to it.
//
// The real brokers need java (17 or newer) and mvn on the machine and no container engine. Their
// jars come from a Maven repository once, into the user's cache directory, and the first boot
// leaves an archive of their classes beside them, which makes every later one cost little more than
// half. A test asks for a cluster of its own with Start, or for one that the package's tests share
// with Shared, whose TestMain is then
//
//	func TestMain(m *testing.M) { os.Exit(kafkatest.Main(m)) }
//
// A program, or a test that must be there before the brokers are, uses New, Launch, WaitReady and
// Close.
//
// Options make a cluster that can fail in more ways: a ZooKeeper ensemble that can lose its quorum,
// listeners that advertise what no client can reach or that ask for a login, data directories of
// which one can break. LaunchWithout leaves brokers for later; Pause, Kill and their like take away
// what runs.
//
// NodeProgram, PythonProgram and JavaProgram run small programs with the services' own client
// libraries, which they install first; NewJavaProject does for Java with other libraries than Kafka's.
// Serve runs such a program beside the test.
package kafkatest
