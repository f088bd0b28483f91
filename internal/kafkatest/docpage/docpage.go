// Package docpage compares what the program prints with what docs/troubleshooting.md quotes.
//
// Each block of the page
//
//	```text ID
//	kafkactl: not ready after <time>: K1 TCP accepts: <addr>: connection refused
//	exit 5
//	```
//
// is one run: whole lines of either stream, in any order, and the exit code where the page names
// one. What varies is in angle brackets, and … at either end of a line stands for the rest of it.
// The test that provokes the fault compares its output with the block by [Want] or, in a script, by
// "docs ID". A sentence is thus written in the code and on the page, and in no test. [Unclaimed]
// finds the blocks that nobody compares.
package docpage

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// page is the page's path in the repository.
const page = "docs/troubleshooting.md"

// NoExit stands for the exit code where there is none: what is compared is not the output of a
// whole run.
const NoExit = -1

// quotation is one block of the page.
type quotation struct {
	number int // of its first line on the page
	lines  []string
	exit   int
}

// Want fails tb unless output and exit code are those that the page quotes under id.
func Want(tb testing.TB, id, output string, exit int) {
	tb.Helper()
	if err := Compare(id, output, exit); err != nil {
		tb.Errorf("%v; got:\n%s", err, output)
	}
}

// Compare returns an error unless output and exit code are those that the page quotes under id.
func Compare(id, output string, exit int) error {
	root, err := repository()
	if err != nil {
		return err
	}
	quoted, err := read(root)
	if err != nil {
		return err
	}
	q, ok := quoted[id]
	if !ok {
		return fmt.Errorf("%s quotes nothing under %q", page, id)
	}
	if err := q.compare(output, exit); err != nil {
		return fmt.Errorf("%s:%d, %s: %w", page, q.number, id, err)
	}
	return nil
}

func (q quotation) compare(output string, exit int) error {
	var errs []error
	if q.exit != NoExit && q.exit != exit {
		errs = append(errs, fmt.Errorf("exit code %d, the page says %d", exit, q.exit))
	}
	for _, line := range q.lines {
		if !pattern(line).MatchString(output) {
			errs = append(errs, fmt.Errorf("the program does not print %q", line))
		}
	}
	return errors.Join(errs...)
}

// pattern matches the lines of output that a line of the page quotes.
func pattern(line string) *regexp.Regexp {
	varying := regexp.MustCompile(`<[a-z]+>|  +`)
	line, begins := strings.CutPrefix(line, "… ")
	line, ends := strings.CutSuffix(line, " …")
	fixed, varied := varying.Split(line, -1), varying.FindAllString(line, -1)
	text := regexp.QuoteMeta(fixed[0])
	for i, name := range varied {
		switch name {
		case "<n>":
			text += `\d+`
		case "<time>":
			text += `\d\S*`
		case "<addr>":
			text += `\S+:\d+`
		case "<rung>":
			text += `[A-Z]\d`
		default:
			if strings.HasPrefix(name, " ") { // between columns
				text += ` +`
			} else {
				text += `.+?`
			}
		}
		text += regexp.QuoteMeta(fixed[i+1])
	}
	head, tail := `(?m)^ *`, `\r?$`
	if begins {
		head = `(?m)`
	}
	if ends {
		tail = ``
	}
	return regexp.MustCompile(head + text + tail)
}

// Unclaimed returns the ids of the page's blocks that no script and no test of the repository
// compares with anything, each with its place. It also holds the page to its form.
func Unclaimed() ([]string, error) {
	root, err := repository()
	if err != nil {
		return nil, err
	}
	quoted, err := read(root)
	if err != nil {
		return nil, err
	}
	claimed, err := claims(root)
	if err != nil {
		return nil, err
	}
	var unclaimed []string
	for id, q := range quoted {
		if !claimed[id] {
			unclaimed = append(unclaimed, fmt.Sprintf("%s:%d, %s", page, q.number, id))
		}
	}
	return unclaimed, nil
}

// read returns the page's blocks by id.
func read(root string) (map[string]quotation, error) {
	text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(page)))
	if err != nil {
		return nil, err
	}
	return parse(string(text))
}

func parse(text string) (map[string]quotation, error) {
	quoted := make(map[string]quotation)
	var errs []error
	var id string
	var q quotation
	for i, line := range strings.Split(text, "\n") {
		switch begun, begins := strings.CutPrefix(line, "```text"); {
		case begins:
			id, q = strings.TrimSpace(begun), quotation{number: i + 2, exit: NoExit}
		case q.number == 0: // outside
		case line == "```":
			if _, twice := quoted[id]; twice || id == "" || len(q.lines) == 0 {
				errs = append(errs, fmt.Errorf("%s:%d: a block needs an id of its own, and lines", page, q.number))
			}
			quoted[id], q = q, quotation{}
		case strings.HasPrefix(line, "exit "):
			var err error
			if q.exit, err = strconv.Atoi(strings.TrimPrefix(line, "exit ")); err != nil {
				errs = append(errs, fmt.Errorf("%s:%d: %w", page, i+1, err))
			}
		default:
			q.lines = append(q.lines, line)
		}
	}
	return quoted, errors.Join(errs...)
}

// claims are the ids that scripts and tests compare with something, anywhere in the repository.
func claims(root string) (map[string]bool, error) {
	inScript := regexp.MustCompile(`(?m)^docs (\S+)$`)
	inTest := regexp.MustCompile(`(?:\b[Dd]ocs: +|\.[Dd]ocs = |\bdocpage\.Want\(t, )"([a-z0-9-]+)"`)
	claimed := make(map[string]bool)
	find := func(path string, _ fs.DirEntry, err error) error {
		form := inTest
		switch {
		case err != nil:
			return err
		case strings.HasSuffix(path, ".txtar"):
			form = inScript
		case !strings.HasSuffix(path, "_test.go"):
			return nil
		}
		text, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(path)))
		for _, match := range form.FindAllSubmatch(text, -1) {
			claimed[string(match[1])] = true
		}
		return err
	}
	for _, dir := range []string{"cmd", "internal", "deploy"} {
		if err := fs.WalkDir(os.DirFS(root), dir, find); err != nil {
			return nil, err
		}
	}
	return claimed, nil
}

// repository returns the directory of go.mod, whatever package's directory a test runs in.
func repository() (string, error) {
	dir, err := os.Getwd()
	if err != nil {
		return "", err
	}
	for {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir, nil
		}
		if dir == filepath.Dir(dir) {
			return "", errors.New("find the repository: no go.mod above the working directory")
		}
		dir = filepath.Dir(dir)
	}
}
