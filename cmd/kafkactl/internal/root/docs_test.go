package root

import (
	"bytes"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/spf13/cobra"
	"github.com/spf13/cobra/doc"
	"github.com/spf13/pflag"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
)

// What is generated is what the commands say of themselves. The generator is a test so
// that what it needs, a Markdown parser too, is not in the program.

//go:generate go test . -run ^(TestReference|TestRightsPage)$ -update

// noDate takes the place of the day the pages were generated: the same commands must
// give the same pages.
const noDate = "Jan 0001"

// TestReference holds docs/ to the commands; -update writes it.
func TestReference(t *testing.T) {
	t.Parallel()
	want := referencePages(t)
	if *clitest.Update {
		writePages(t, want)
	}
	have := readPages(t)
	for _, name := range slices.Sorted(maps.Keys(have)) {
		if _, ok := want[name]; !ok {
			t.Errorf("docs/%s is of no command: run make generate", name)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(want)) {
		if diff := cmp.Diff(have[name], want[name]); diff != "" {
			t.Errorf("docs/%s is not what the command says: run make generate (-docs +command):\n%s", name, diff)
		}
	}
}

// referencePages is every page below docs/, by its path there.
func referencePages(t *testing.T) map[string]string {
	t.Helper()
	// Pages alter the commands' texts, each in its own way: both get a tree of their own.
	pages := make(map[string]string)
	root := newRootCmd(&cli.App{})
	visitPages(root, func(cmd *cobra.Command) {
		var page bytes.Buffer
		describeAsMarkdown(cmd, topicLinks(root, "[kafkactl help %](kafkactl_%.md)"))
		if err := doc.GenMarkdown(cmd, &page); err != nil {
			t.Fatal(err)
		}
		pages["reference/"+strings.ReplaceAll(cmd.CommandPath(), " ", "_")+".md"] = asTyped(cmd, strings.TrimSpace(page.String())+"\n")
	})
	root = newRootCmd(&cli.App{})
	visitPages(root, func(cmd *cobra.Command) {
		var page bytes.Buffer
		describeAsMarkdown(cmd, topicLinks(root, "**kafkactl-%(1)**"))
		cmd.LocalFlags().VisitAll(func(flag *pflag.Flag) { flag.Usage = escapeMarkdown(flag.Usage) }) // here the flags are no code
		header := &doc.GenManHeader{Section: "1", Date: new(time.Time), Source: "kafkactl", Manual: "kafkactl manual"}
		if err := doc.GenMan(cmd, header, &page); err != nil {
			t.Fatal(err)
		}
		text := strings.Replace(page.String(), noDate, "", 1)
		pages["man/"+strings.ReplaceAll(cmd.CommandPath(), " ", "-")+".1"] = asTyped(cmd, text)
	})
	return pages
}

// visitPages calls page for every command that has one, and every help topic.
func visitPages(cmd *cobra.Command, page func(*cobra.Command)) {
	if !cmd.IsAvailableCommand() && !cmd.IsAdditionalHelpTopicCommand() && cmd.HasParent() {
		return
	}
	for _, sub := range cmd.Commands() {
		visitPages(sub, page)
	}
	cmd.DisableAutoGenTag = true
	page(cmd)
}

// describeAsMarkdown makes Markdown of a command's plain text, which the generator takes
// it for; the root names the help topics, which the generator leaves out.
func describeAsMarkdown(cmd *cobra.Command, topics string) {
	cmd.Short, cmd.Long = markdown(cmd.Short), markdown(cmd.Long)
	if !cmd.HasParent() {
		cmd.Long += "\n\nMore: " + topics + "."
	}
}

// topicLinks names the help topics below root, each in the form of link.
func topicLinks(root *cobra.Command, link string) string {
	var links []string
	for _, cmd := range root.Commands() {
		if cmd.IsAdditionalHelpTopicCommand() {
			links = append(links, strings.ReplaceAll(link, "%", cmd.Name()))
		}
	}
	return strings.Join(links, ", ")
}

// asTyped is a page with a help topic called what shows it: kafkactl help NAME.
func asTyped(cmd *cobra.Command, page string) string {
	if !cmd.IsAdditionalHelpTopicCommand() {
		return page
	}
	return strings.ReplaceAll(page, cmd.CommandPath(), cmd.Parent().CommandPath()+" help "+cmd.Name())
}

// markdown makes Markdown of plain text: indented lines stay as they are, and nothing
// in the others has a meaning.
func markdown(text string) string {
	var out []string
	gap := func() {
		if len(out) > 0 && out[len(out)-1] != "" {
			out = append(out, "")
		}
	}
	code := false
	for line := range strings.SplitSeq(text, "\n") {
		indented := strings.HasPrefix(line, "  ")
		switch {
		case indented && !code:
			gap()
			out = append(out, "```")
		case code && !indented:
			out = append(out, "```")
			gap()
		}
		code = indented
		switch {
		case indented:
			out = append(out, line)
		case line == "":
			gap()
		default:
			out = append(out, escapeMarkdown(line))
		}
	}
	if code {
		out = append(out, "```")
	}
	return strings.TrimSpace(strings.Join(out, "\n"))
}

// escapeMarkdown takes every meaning away that Markdown finds in plain text.
func escapeMarkdown(text string) string {
	return strings.NewReplacer(`\`, `\\`, "*", `\*`, "_", `\_`, "<", `\<`, "`", "\\`", "[", `\[`).Replace(text)
}

// writePages writes the pages and removes those of commands that are gone.
func writePages(t *testing.T, pages map[string]string) {
	t.Helper()
	for _, dir := range []string{"man", "reference"} {
		if err := os.RemoveAll(filepath.Join(clitest.InRepo("docs"), dir)); err != nil {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Join(clitest.InRepo("docs"), dir), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	for name, text := range pages {
		if err := os.WriteFile(filepath.Join(clitest.InRepo("docs"), name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// readPages is the generated pages that are there.
func readPages(t *testing.T) map[string]string {
	t.Helper()
	pages := make(map[string]string)
	for _, dir := range []string{"man", "reference"} {
		err := fs.WalkDir(os.DirFS(clitest.InRepo("docs")), dir, func(path string, entry fs.DirEntry, err error) error {
			if err != nil || entry.IsDir() {
				return err
			}
			text, err := os.ReadFile(filepath.Join(clitest.InRepo("docs"), path))
			pages[path] = string(text)
			return err
		})
		if err != nil {
			t.Fatalf("%v: run make generate", err)
		}
	}
	return pages
}
