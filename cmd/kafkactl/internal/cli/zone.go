package cli

import (
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
	_ "time/tzdata" // the image is empty but for the program: no /usr/share/zoneinfo
)

// zoneVariable is the variable that names the time zone of a process (POSIX).
const zoneVariable = "TZ"

// Now returns the present time in the zone of this run: that of TZ, or else the machine's. The error
// says that TZ names no zone; the time is in UTC then.
func (a *App) Now() (time.Time, error) {
	name, set := a.LookupEnv(zoneVariable)
	if !set {
		return time.Now(), nil
	}
	zone, ok := zoneOf(name)
	if !ok {
		return time.Now().UTC(), WithHint(fmt.Errorf("%s=%q names no time zone", zoneVariable, name),
			"zones are named as Europe/Berlin, or as CET-1CEST,M3.5.0,M10.5.0/3")
	}
	return time.Now().In(zone), nil
}

// NoteZone notes that times are shown in UTC though TZ asks for something else. zone is the error of
// [App.Now].
func (a *App) NoteZone(zone error) {
	if zone != nil {
		a.Notef("note: %v: times are shown in UTC", zone)
	}
}

// zoneOf returns the zone that TZ means: a name of the time zone database, the path of one of its
// files, or a POSIX rule. The name may have a colon before it; none at all is UTC.
func zoneOf(name string) (*time.Location, bool) {
	name = strings.TrimPrefix(name, ":")
	if filepath.IsAbs(name) {
		data, err := os.ReadFile(name)
		if err != nil {
			return nil, false
		}
		zone, err := time.LoadLocationFromTZData(name, data)
		return zone, err == nil
	}
	if zone, err := time.LoadLocation(name); err == nil {
		return zone, true
	}
	return ruleZone(name)
}

// ruleZone returns the zone of a POSIX rule, as EST5EDT or <+0330>-3:30. time reads such rules only
// at the end of a file of the time zone database (RFC 8536), so it gets such a file: with one type
// of local time, and nothing else.
func ruleZone(rule string) (*time.Location, bool) {
	const unread = "?" // the name of that one type, which stays when the rule is none
	header := func(types, letters uint32) []byte {
		counts := []uint32{0, 0, 0, 0, types, letters}
		data, _ := binary.Append(append([]byte("TZif2"), make([]byte, 15)...), binary.BigEndian, counts)
		return data
	}
	data := append(header(0, 0), header(1, uint32(len(unread)+1))...)
	data = append(append(data, 0, 0, 0, 0, 0, 0), unread+"\x00"...) // its offset, no summer time, its name
	zone, err := time.LoadLocationFromTZData(rule, append(data, "\n"+rule+"\n"...))
	if err != nil {
		return nil, false
	}
	name, _ := time.Now().In(zone).Zone()
	return zone, name != unread
}
