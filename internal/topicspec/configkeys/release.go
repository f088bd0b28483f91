package main

import (
	"bytes"
	"context"
	"fmt"
	"html"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"

	"kafkactl/internal/kafkatest"
)

// The classes whose main prints the settings that they define.
const (
	topicClass  = "org.apache.kafka.storage.internals.log.LogConfig"
	brokerClass = "kafka.server.KafkaConfig"
)

// documented is one setting as Kafka documents it.
type documented struct {
	name, kind string
	valid      string // "[1,...,9] or -1"; "" where every value of the type is taken
	broker     string // the broker's setting that is the default; "" for none. Of topics only
}

// release is what one Kafka release documents.
type release struct {
	line            string // "3.9"
	version         string // "3.9.2"
	topics, brokers []documented
}

// readRelease reads the settings of the release that a flavour runs.
func readRelease(ctx context.Context, f kafkatest.Flavour) (release, error) {
	r := release{version: f.Version(), line: f.Version()[:strings.LastIndex(f.Version(), ".")]}
	for _, part := range []struct {
		class string
		into  *[]documented
	}{{topicClass, &r.topics}, {brokerClass, &r.brokers}} {
		page, err := classPage(ctx, f, part.class)
		if err == nil {
			*part.into, err = readPage(page)
		}
		if err != nil {
			return release{}, fmt.Errorf("read what %s of Kafka %s prints: %w", part.class, r.version, err)
		}
	}
	return r, nil
}

// classPage returns what the main of a class prints.
func classPage(ctx context.Context, f kafkatest.Flavour, class string) (string, error) {
	lib, err := kafkatest.JarDir(f)
	if err != nil {
		return "", err
	}
	home, err := kafkatest.JavaHome()
	if err != nil {
		return "", err
	}
	var out, problems bytes.Buffer
	cmd := exec.CommandContext(ctx, filepath.Join(home, "bin", "java"), "-cp", filepath.Join(lib, "*"), class)
	cmd.Stdout, cmd.Stderr = &out, &problems
	if err := cmd.Run(); err != nil {
		return "", fmt.Errorf("%w: %s", err, problems.String())
	}
	return out.String(), nil
}

var (
	entryPattern = regexp.MustCompile(`(?s)<h4><a id="([^"]+)">.*?</table>`)
	rowPattern   = regexp.MustCompile(`(?s)<tr><th>([^<]+):</th><td>(.*?)</td></tr>`)
)

// readPage reads the page of ConfigDef.toHtml.
func readPage(page string) ([]documented, error) {
	var all []documented
	for _, entry := range entryPattern.FindAllStringSubmatch(page, -1) {
		rows := map[string]string{}
		for _, row := range rowPattern.FindAllStringSubmatch(entry[0], -1) {
			rows[row[1]] = html.UnescapeString(row[2])
		}
		if rows["Type"] == "" {
			return nil, fmt.Errorf("setting %q has no type", entry[1])
		}
		d := documented{name: entry[1], kind: rows["Type"], valid: rows["Valid Values"], broker: rows["Server Default Property"]}
		if d.broker == "null" {
			d.broker = ""
		}
		all = append(all, d)
	}
	if want := strings.Count(page, "<h4>"); len(all) != want || want == 0 {
		return nil, fmt.Errorf("%d settings were understood of %d", len(all), want)
	}
	return all, nil
}
