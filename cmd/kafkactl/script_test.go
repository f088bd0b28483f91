package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"

	"kafkactl/cmd/kafkactl/internal/clitest"
)

// TestScripts is tier 3: the program as a process, one script a feature. Each script
// has an embedded Kafka of its own, the stack's topics.yaml, an empty HOME and no
// setting in its environment but KAFKACTL_BROKERS and KAFKACTL_PLACE.
//
// Besides testscript's own commands a script has:
//
//	code N PROGRAM [ARG...]            run it; the exit code must be N
//	docs ID                            the last code ended as docs/troubleshooting.md quotes
//	                                   it under ID: the lines, and the exit code
//	within DURATION                    the last code or interrupt took less
//	interrupt N SIGNAL PATTERN PROGRAM [ARG...]
//	                                   run it, send SIGNAL (TERM, INT, HUP) once it has written
//	                                   PATTERN; it must end with code N within a second
//	insist N SIGNAL PATTERN PATTERN PROGRAM [ARG...]
//	                                   interrupt, and SIGNAL again once it has written the second
//	                                   PATTERN
//	json FILE [PATH [VALUE]]           FILE (or stdout, stderr) is one JSON object and
//	                                   what PATH leads to is VALUE: topics.0.name, topics.len
//	jsonlines FILE [PATH [VALUE]]      one object a line; PATH is looked up in the last
//	fake N [later]                     another Kafka of N brokers takes the place of the
//	                                   first; later, nothing listens there yet
//	fake N as ID                       the same with another cluster id
//	arrive PATTERN PROGRAM [ARG...]    run it; the brokers that come later do once it has
//	                                   written PATTERN; it must end with code 0
//	autocreate N                       another Kafka takes the place of the first, that makes
//	                                   the topics its clients use, with N partitions
//	touch TOPIC N                      such a client uses TOPIC, and writes N records
//	fault KEY TOPIC ERROR [dry|write]  requests of KEY ("CreateTopics") answer ERROR for
//	                                   TOPIC or GROUP (* is any), all or only those that (do not)
//	                                   just validate; "fault off" ends all faults
//	acl PRINCIPAL allow|deny OPERATION TYPE NAME [HOST]
//	                                   Kafka says that there is this ACL, and no ACL but what was
//	                                   said so; a NAME* is a prefix
//	acl ERROR                          it says ERROR in place of ACLs, NONE to end that
//	stored TOPIC                       the records of TOPIC, one a line, on stdout
//	fill TOPIC N                       N records for each partition of TOPIC
//	commit GROUP TOPIC P:OFFSET...     commits offsets for a group without members
//	commit-later DURATION GROUP TOPIC P:OFFSET...
//	                                   the same after a while
//	trim TOPIC P:OFFSET...             deletes the records before offsets
//	transaction TOPIC ID N END         N records for partition 0 of TOPIC in a transaction of ID,
//	                                   which ends as END says: commit, abort, or open
//	member GROUP TOPIC [consumer]      a member of a group, of the classic protocol or of
//	                                   KIP-848's, called member-of-GROUP, that commits
//	                                   nothing; the group is stable then
//	internal TOPIC                     makes a topic that counts as Kafka's own
//	sick TOPIC LEADER REPLICAS ISR [OFFLINE]
//	                                   Kafka says that TOPIC has this partition too, and no
//	                                   topic but what was said so
//	adding TOPIC PARTITION REPLICAS    Kafka says that a reassignment is adding these replicas
//	requests KEY N                     N requests of KEY since the last "requests reset";
//	                                   KEY "write" is all that change topics
//	listen KIND                        something that is not Kafka: refused, silent, close,
//	                                   http, tls or zookeeper, in which the Kafka of now is
//	                                   registered; its address is in $KIND, upper case
//	dialled KIND N                     it was connected to N times
//	needs TIER                         the rest of the script needs more than Go: linux or
//	                                   terminal; without it the script is skipped or, with
//	                                   CI set, fails
//	publish                            the Kafka answers at $PUBLISHED:29092 too, a host of
//	                                   its own, where nothing listens at 9092; Linux only
func TestScripts(t *testing.T) {
	t.Parallel()
	testscript.Run(t, testscript.Params{
		Dir:                "testdata/script",
		RequireUniqueNames: true,
		Setup:              setStage,
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"code": command(runWithCode), "docs": command(checkDocs), "within": command(within), "interrupt": command(interrupt), "insist": command(insist), "arrive": command(arrive),
			"json": command(checkJSON), "jsonlines": command(checkJSONLines),
			"fake": command(startFake), "fault": command(injectFault), "internal": command(makeInternal), "acl": command(sayACL),
			"autocreate": command(startAutoCreating), "touch": command(touchTopic), "stored": command(showStored),
			"requests": command(countRequests), "sick": command(sayPartition), "adding": command(sayAdding), "listen": command(listen), "dialled": command(countDialled),
			"fill": command(fillTopic), "commit": command(commitOffsets), "commit-later": command(commitLater), "trim": command(trimTopic),
			"transaction": command(transact),
			"member":      command(startMember), "publish": command(publish),
			"needs": command(needTier), "usual-port": command(usualPort),
		},
	})
}

// stage is what one script plays on.
type stage struct {
	test      testing.TB
	variables []string // names of the environment variables that Setup gives
	took      time.Duration
	exit      int                      // the code that the last code ended with
	printed   string                   // both streams of it
	listeners map[string]*atomic.Int64 // connections, by kind

	later    func() error // starts the Kafka that is to come
	kafka    *kfake.Cluster
	faults   []*kfake.FaultHandle
	requests *requestCounts

	said   *atomic.Pointer[kmsg.MetadataResponseTopic] // what "sick" made it say
	saidOf *kfake.Cluster                              // which Kafka says it
	acls   *saidACLs
}

type stageKey struct{}

// setStage prepares a script's directory, environment and Kafka.
func setStage(env *testscript.Env) error {
	test, _ := env.T().(testing.TB)
	s := &stage{test: test, listeners: make(map[string]*atomic.Int64)}
	env.Values[stageKey{}] = s
	spec := filepath.Join(env.WorkDir, "topics.yaml")
	if _, err := os.Stat(spec); os.IsNotExist(err) { // a script may bring its own
		text, err := os.ReadFile(clitest.InRepo("topics.yaml"))
		if err != nil {
			return err
		}
		if err := os.WriteFile(spec, text, 0o600); err != nil {
			return err
		}
	}
	home := filepath.Join(env.WorkDir, "home")
	if err := os.Mkdir(home, 0o755); err != nil {
		return err
	}
	env.Defer(func() {
		if left, err := os.ReadDir(home); err != nil || len(left) > 0 {
			panic(fmt.Sprintf("something was written into HOME: %v, %v", left, err))
		}
	})
	addrs, err := s.start(kfake.NumBrokers(1))
	if err != nil {
		return err
	}
	env.Defer(func() { s.kafka.Close() })
	env.Vars = append(env.Vars, "HOME="+home, "KAFKACTL_BROKERS="+strings.Join(addrs, ","),
		"KAFKACTL_PLACE=host",       // the tests may run in a container
		"GORACE=atexit_sleep_ms=10") // a program built with -race lingers 1 s at its end otherwise
	for _, pair := range env.Vars {
		name, _, _ := strings.Cut(pair, "=")
		s.variables = append(s.variables, name)
	}
	return nil
}

// command gives a command of the scripts its stage, and makes its error the script's.
// None of them can be negated.
func command(do func(ts *testscript.TestScript, s *stage, args []string) error) func(*testscript.TestScript, bool, []string) {
	return func(ts *testscript.TestScript, neg bool, args []string) {
		s, _ := ts.Value(stageKey{}).(*stage)
		if neg {
			ts.Fatalf("! does not go with this command")
		}
		if err := do(ts, s, args); err != nil {
			ts.Fatalf("%v", err)
		}
	}
}

// usage is the error of a command that was called with too few arguments.
func usage(args []string, least int, text string) error {
	if len(args) < least {
		return fmt.Errorf("usage: %s", text)
	}
	return nil
}
