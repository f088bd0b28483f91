package composefile

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/template"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/sirupsen/logrus"
)

// Options says which project to read.
type Options struct {
	// Files are merged in this order, as Compose merges `-f a -f b`. Without any, the file that
	// Compose would find is read: COMPOSE_FILE, or compose.yaml and its other names in the working
	// directory and above, with its override file.
	Files []string
	// Env is the environment for interpolation; a .env file beside the first file adds what is not
	// in it.
	Env map[string]string
	// Now is when certificates are looked at; the zero time asks nothing of their dates.
	Now time.Time
}

// ErrNoFile is the error of [Load] when no file was named and none is found.
var ErrNoFile = errors.New("no compose file here or in a parent directory")

// Load reads a project. Its error names the file that is wrong, as it was named; it is a
// [*ForeignError] for a file of another program.
func Load(ctx context.Context, o Options) (*Stack, error) {
	// compose-go writes its warnings to the process's stderr, which is not ours to write to; none
	// of them is about Kafka.
	logrus.SetOutput(io.Discard)
	blanks := make(map[string]bool)
	opts, err := projectOptions(o, blanks)
	if err != nil {
		return nil, err
	}
	names := slices.Clone(opts.ConfigPaths)
	if len(o.Files) == 0 {
		for i := range names {
			names[i] = displayName(names[i])
		}
	}
	sources, err := readSources(names, opts.ConfigPaths, opts.Environment.Resolve)
	if err != nil {
		return nil, err
	}
	if foreign := sources.foreign(); foreign != nil {
		return nil, foreign
	}
	project, err := opts.LoadProject(ctx)
	if err != nil {
		return nil, sources.explain(err)
	}
	stack := newStack(project, sources, blanks)
	stack.now = o.Now
	return stack, nil
}

// projectOptions asks compose-go for what `docker compose` asks for, but with every profile on: a
// service that starts only on demand can be as wrong.
func projectOptions(o Options, blanks map[string]bool) (*cli.ProjectOptions, error) {
	for _, file := range o.Files {
		if err := readable(file); err != nil {
			return nil, err
		}
	}
	opts, err := cli.NewProjectOptions(slices.Clone(o.Files),
		// .env may name the files (COMPOSE_FILE), and stands beside them where they are found.
		withEnv(o.Env), cli.WithEnvFiles(), cli.WithDotEnv,
		cli.WithConfigFileEnv, cli.WithDefaultConfigPath, cli.WithEnvFiles(), cli.WithDotEnv,
		cli.WithProfiles([]string{"*"}),
		cli.WithLoadOptions(func(l *loader.Options) {
			if l.Interpolate != nil {
				l.Interpolate.Substitute = func(text string, lookup template.Mapping) (string, error) {
					value, unset, err := substitute(text, lookup)
					if len(unset) > 0 {
						blanks[value] = true
					}
					return value, err
				}
			}
		}),
	)
	switch {
	case err != nil:
		return nil, err
	case len(opts.ConfigPaths) == 0:
		return nil, ErrNoFile
	}
	return opts, nil
}

func withEnv(env map[string]string) cli.ProjectOptionsFn {
	return func(o *cli.ProjectOptions) error {
		for name, value := range env {
			o.Environment[name] = value
		}
		return nil
	}
}

// readable returns the errors that compose-go would give with an absolute path, or not at all.
func readable(file string) error {
	info, err := os.Stat(file)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return fmt.Errorf("no such file: %s", file)
	case err != nil:
		return fmt.Errorf("read the compose file: %w", err)
	case info.IsDir():
		return fmt.Errorf("%s is a directory, not a compose file", file)
	}
	return nil
}

// substitute is Compose's interpolation. unset is the variables without a default that nothing sets:
// Compose makes them blank and warns, but where they are set elsewhere they have a value.
func substitute(text string, lookup template.Mapping) (value string, unset []string, err error) {
	replace := func(match string, mapping template.Mapping, cfg *template.Config) (string, error) {
		value, applied, err := template.DefaultReplacementAppliedFunc(match, mapping, cfg)
		if invalid, is := errors.AsType[*template.InvalidTemplateError](err); is && invalid.Template == "" {
			invalid.Template = match // and not the whole text, which may be a password
		}
		if !applied {
			unset = append(unset, regexp.MustCompile(`[A-Za-z_][A-Za-z0-9_]*`).FindString(match))
		}
		return value, err
	}
	value, err = template.SubstituteWithOptions(text, lookup, template.WithoutLogging,
		template.WithReplacementFunction(replace))
	return value, unset, err
}

// explain makes compose-go's error name the files as the user did.
func (s *sources) explain(err error) error {
	// JSON Schema's words for a key that it does not know.
	text, named := strings.ReplaceAll(err.Error(), " false schema", " is no key that Compose knows"), false
	// go-shellwords' words for a text that it cannot split.
	text = strings.ReplaceAll(text, "invalid command line string", "is one text, which Compose splits and cannot: a quote in it does not end, or it has a parenthesis; a list is not split: [sh, -c, \"…\"]")
	for _, doc := range slices.Concat(s.documents, s.included, s.extended) {
		text = strings.ReplaceAll(text, doc.path, doc.name)
		named = named || strings.Contains(text, doc.name)
	}
	if !named {
		text = strings.Join(s.files, " and ") + ": " + text
	}
	return errors.New(text)
}

// displayName returns the name for a file that the user did not name: relative to the working
// directory if that is shorter.
func displayName(path string) string {
	wd, err := os.Getwd()
	if err != nil {
		return path
	}
	if rel, err := filepath.Rel(wd, path); err == nil && len(rel) < len(path) {
		return rel
	}
	return path
}

// sortedServices returns every service, whatever its profile, by name.
func sortedServices(project *types.Project) []types.ServiceConfig {
	services := make([]types.ServiceConfig, 0, len(project.Services))
	for _, service := range project.AllServices() {
		services = append(services, service)
	}
	slices.SortFunc(services, func(a, b types.ServiceConfig) int { return strings.Compare(a.Name, b.Name) })
	return services
}
