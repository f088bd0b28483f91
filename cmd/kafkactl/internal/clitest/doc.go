// Package clitest is what the tests of the command line share: the program run as a process
// ([Kafkactl], [Program]), real clusters with something in them, what Apache's tools say of
// them, and golden files. Only tests import it.
package clitest
