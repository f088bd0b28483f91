package topicspec

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// A hint that is followed keeps what was meant: whatever unit a name has, the hint has the number in
// that of the setting, or none at all.
func TestMeaningKeepsTheNumber(t *testing.T) {
	t.Parallel()
	asked := 0
	for _, known := range configNames() {
		if known.unit.base == "" {
			continue
		}
		for _, u := range nameUnits {
			for _, word := range strings.Fields(u.words) {
				name := strings.Join(append(slices.Clone(known.stem), word), ".")
				if _, exists := lookupConfig(name); exists || u.vague {
					continue
				}
				const number = 2000 // of any unit it is above every setting's bound, and -1 is not
				for _, value := range []int64{number, -1} {
					asked++
					want := value * u.factor
					if value == -1 {
						want = -1
					}
					checkMeaning(t, name, u, value, want)
				}
			}
		}
	}
	if asked < 1000 {
		t.Errorf("only %d names were asked", asked)
	}
}

// checkMeaning follows the hint for a name: the number that is then declared must be want of the
// unit's base.
func checkMeaning(t *testing.T, name string, u nameUnit, value, want int64) {
	t.Helper()
	m := meantSetting(name, Setting{Value: strconv.FormatInt(value, 10)})
	if len(m.settings) != 1 || m.needsUnit {
		return
	}
	followed := m.value
	if followed == "" {
		followed = strconv.FormatInt(value, 10)
	}
	got, err := canonical(m.settings[0], followed)
	if _, unit := unitOfName(nameWords(m.settings[0])); err != nil || got != strconv.FormatInt(want, 10) || unit.base != u.base {
		t.Errorf("%s: %d became %s: %s (%v), want %d %s", name, value, m.settings[0], followed, err, want, u.base)
	}
}

// A slip is guessed, and the guess counts the same: no slip leads from one unit to another.
func TestMeaningOfSlips(t *testing.T) {
	t.Parallel()
	const seed = 1
	random := rand.New(rand.NewPCG(seed, 0))
	found := 0
	for range 5000 {
		name := []byte(knownConfigs[random.IntN(len(knownConfigs))].name)
		i := random.IntN(len(name))
		switch random.IntN(3) {
		case 0:
			name[i] = byte('a' + random.IntN(26))
		case 1:
			name = slices.Delete(name, i, i+1)
		default:
			name = slices.Insert(name, i, byte('a'+random.IntN(26)))
		}
		if _, exists := lookupConfig(string(name)); exists {
			continue
		}
		m := meantSetting(string(name), Setting{Value: "2000"})
		_, asked := unitOfName(nameWords(string(name)))
		if asked.base == "" {
			_, asked = unitOfSlip(nameWords(string(name)))
		}
		for _, setting := range m.settings {
			found++
			if _, unit := unitOfName(nameWords(setting)); unit.base != asked.base && !m.needsUnit && asked.base != "" {
				t.Fatalf("seed %d: %s is taken for %s", seed, name, setting)
			}
		}
	}
	if found < 2500 {
		t.Errorf("only %d slips were guessed", found)
	}
}

// Every name that brokers have for a setting of topics leads to it, however it is spelled; every
// other name of brokers leads nowhere.
func TestMeaningOfBrokerNames(t *testing.T) {
	t.Parallel()
	synonyms := map[string]string{}
	for _, k := range knownConfigs {
		for _, name := range k.broker {
			synonyms[name] = k.name
		}
	}
	for _, name := range brokerConfigs {
		upper := "KAFKA_" + strings.ToUpper(strings.ReplaceAll(name, ".", "_"))
		for _, spelling := range []string{name, upper, "KAFKA_CFG_" + upper[len("KAFKA_"):]} {
			_, ours := lookupConfig(spelling)
			m := meantSetting(spelling, Setting{Unset: true})
			if setting := synonyms[name]; setting != "" && !ours && fmt.Sprint(m.settings) != fmt.Sprintf("[%s]", setting) {
				t.Errorf("%s: %v, want %s", spelling, m.settings, setting)
			}
		}
		if m := meantSetting(name, Setting{Value: "1"}); synonyms[name] == "" && len(m.settings) > 0 {
			t.Errorf("%s is no setting of topics, and is taken for %v", name, m.settings)
		}
	}
	if len(synonyms) < 30 {
		t.Errorf("only %d synonyms", len(synonyms))
	}
}
