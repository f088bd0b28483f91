package topicspec

import (
	"errors"
	"fmt"
	"regexp"
)

// refusal is a Kafka that does not take what another one takes.
type refusal struct {
	kafka string // "4.3", "3.9 with ZooKeeper"
	why   string
}

func (r refusal) String() string { return fmt.Sprintf("Kafka %s refuses it: %s", r.kafka, r.why) }

// checkSetting returns the setting with its value in canonical form, and the lines of Kafka that
// refuse it. The error is of a setting that no supported Kafka knows or a value that none takes.
func checkSetting(key string, s Setting, as hintForm) (Setting, []refusal, error) {
	known, ok := lookupConfig(key)
	if !ok && isVendors(key) {
		return s, []refusal{{"of Apache", "it is a setting of another vendor's brokers"}}, nil
	}
	if !ok {
		return Setting{}, nil, unknownSetting(key, s, as)
	}
	if s.Unset {
		return s, nil, nil
	}
	value, err := canonical(key, s.Value)
	if err == nil {
		var refusals []refusal
		if refusals, err = known.judge(value); err == nil {
			return Setting{Value: value}, refusals, nil
		}
	}
	if as != hintOnFlag { // the shell has replaced what is on a flag
		err = fmt.Errorf("%w%s", err, unexpanded(s.Value))
	}
	return Setting{}, nil, err
}

// judge returns the lines of Kafka that refuse a canonical value. The error is that all do, in the
// words of the newest one.
func (k knownConfig) judge(value string) ([]refusal, error) {
	var refusals []refusal
	taken := false
	for _, r := range k.rules {
		problem := r.problem(k, value)
		if problem == "" {
			taken = true
			continue
		}
		for _, line := range r.lines() {
			refusals = append(refusals, refusal{line, problem})
		}
	}
	if !taken {
		return nil, errors.New(refusals[len(refusals)-1].why)
	}
	for _, line := range kafkaLines {
		if !k.isIn(line) {
			refusals = append(refusals, refusal{line, "it does not know this setting"})
		}
	}
	return append(refusals, refusedElsewhere(k.name, value)...), nil
}

// refusedElsewhere lists refusals that no ConfigDef tells: they depend on how brokers are set up.
func refusedElsewhere(key, value string) []refusal {
	switch {
	case value != "true":
		return nil
	case key == remoteStorage:
		return []refusal{{"without tiered storage", "remote.log.storage.system.enable=true is needed on every broker"}}
	case key == remoteCopyDisable || key == "remote.log.delete.on.disable":
		return []refusal{{"3.9 with ZooKeeper", "it is for KRaft alone"}}
	default:
		return nil
	}
}

var shellVariable = regexp.MustCompile(`\$([A-Za-z_][A-Za-z0-9_]*)`)

// unexpanded says that a variable without braces is left as it is; "" where there is none.
func unexpanded(value string) string {
	m := shellVariable.FindStringSubmatch(value)
	if m == nil {
		return ""
	}
	return fmt.Sprintf(" (%s is not replaced: write ${%s})", m[0], m[1])
}
