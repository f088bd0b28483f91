package cli

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// TZ is understood as POSIX has it, wherever the program runs: Go alone takes a rule, and a
// misspelt name, for UTC in silence.
func TestZones(t *testing.T) {
	t.Setenv("ZONEINFO", "/nowhere") // what stands on this machine's disk is no proof
	summer := time.Date(2026, 7, 1, 12, 0, 0, 0, time.UTC)
	winter := time.Date(2026, 12, 1, 12, 0, 0, 0, time.UTC)
	got := make(map[string]string)
	want := map[string]string{
		"":                            "12:00 UTC 12:00 UTC",
		"UTC":                         "12:00 UTC 12:00 UTC",
		"Europe/Berlin":               "14:00 CEST 13:00 CET",
		":Europe/Berlin":              "14:00 CEST 13:00 CET",
		"CET-1CEST,M3.5.0,M10.5.0/3":  "14:00 CEST 13:00 CET",
		"EST5EDT":                     "08:00 EDT 07:00 EST",
		"XYZ5ABC":                     "08:00 ABC 07:00 XYZ",
		"<+0330>-3:30":                "15:30 +0330 15:30 +0330",
		"UTC-2":                       "14:00 UTC 14:00 UTC",
		"Pacific/Kiritimati":          "02:00 +14 02:00 +14",
		"Europe/Berlim":               "?",
		"berlin":                      "?",
		"/nowhere/Europe/Berlin":      "?",
		"../../etc/passwd":            "?",
		"CET-1CEST,M3.5.0,M10.5.0/3x": "?",
		"+01:00":                      "?",
		"\n":                          "?",
	}
	for name := range want {
		a := &App{Streams: Streams{LookupEnv: func(string) (string, bool) { return name, true }}}
		now, err := a.Now()
		if err != nil {
			got[name] = "?"
			if now.Location() != time.UTC {
				t.Errorf("%q is in %s", name, now.Location())
			}
			continue
		}
		zone := now.Location()
		got[name] = fmt.Sprint(summer.In(zone).Format("15:04 MST"), " ", winter.In(zone).Format("15:04 MST"))
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// A time that means the same in every zone is read though the zone is not known.
func TestParseTimeFlagWithoutZone(t *testing.T) {
	t.Parallel()
	a := &App{Streams: Streams{LookupEnv: func(string) (string, bool) { return "Europe/Berlim", true }}}
	now, zone := a.Now()
	got := make(map[string]bool)
	want := map[string]bool{
		"": true, "1h": true, "now": true, "1790000000123": true, "2026-11-22T10:00:00Z": true, "2026-11-22 10:00+02:00": true,
		"today": false, "yesterday": false, "13:15": false, "2026-11-22": false, "2026-11-22 10:00": false, "+058692-11-03": false,
	}
	for text := range want {
		_, err := ParseTimeFlag("since", text, now, zone)
		got[text] = err == nil
		if err != nil && CodeOf(err) != ExitUsage {
			t.Errorf("%s: exit %d", text, CodeOf(err))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
