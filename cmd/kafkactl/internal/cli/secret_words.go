package cli

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

const noSecretFlag = "no flag takes a password or another secret, since every user of a machine sees command lines"

// CheckNoSecret refuses a command line that holds a secret, as people try it: --sasl-password x, -X sasl.password=x,
// --command-property sasl.jaas.config=…. The error does not repeat it, as those of flags that nobody knows would.
func CheckNoSecret(cmd *cobra.Command, args []string) error {
	for i := 0; i < len(args) && args[i] != "--"; i++ {
		word := flagWord{text: args[i]}
		if i+1 < len(args) {
			word.next = args[i+1]
		}
		if !word.read(cmd.Flag, cmd.Flags().ShorthandLookup) {
			continue
		}
		if name := word.secret(); name != "" {
			return WithHint(Usagef("%s: %s", name, noSecretFlag),
				"the password is in --sasl-password-file FILE or "+passwordVariable+", all else in --config FILE; "+securityHelp)
		}
		if word.takesNext {
			i++
		}
	}
	return nil
}

// flagWord is a flag of a command line that may or may not be one of a command.
type flagWord struct {
	text, next string

	name, value string // --name=value, --name value
	known       bool
	takesNext   bool // next is its value for certain
}

// read reports whether the word is a flag, and reads it.
func (w *flagWord) read(long, short func(name string) *pflag.Flag) bool {
	name, isLong := strings.CutPrefix(w.text, "--")
	letters, isShort := strings.CutPrefix(w.text, "-")
	var joined bool
	var flag *pflag.Flag
	switch {
	case isLong && name != "":
		w.name, w.value, joined = strings.Cut(name, "=")
		flag = long(w.name)
	case isShort && letters != "":
		w.name, w.value = letters[:1], letters[1:]
		flag, joined = short(w.name), w.value != ""
	default:
		return false
	}
	w.known = flag != nil
	if !joined {
		w.value = w.next
		w.takesNext = w.known && flag.NoOptDefVal == ""
	}
	return true
}

// secret returns the name of the secret that the flag gives, "" for none.
func (w *flagWord) secret() string {
	key, _, isSetting := strings.Cut(w.value, "=")
	switch {
	case !w.known && len(w.name) > 1 && isSecretName(w.name):
		return "--" + w.name
	case isSetting && isSecretName(key) && (!w.known || strings.HasSuffix(w.name, "config")):
		return key
	}
	return ""
}

// isSecretName reports whether a name is one of a flag or a key with a secret, and no text of another kind.
func isSecretName(name string) bool {
	name = strings.ToLower(name)
	if !regexp.MustCompile(`^[a-z][a-z0-9._-]*$`).MatchString(name) || regexp.MustCompile(`(file|location|path)$`).MatchString(name) {
		return false
	}
	return slices.ContainsFunc([]string{"password", "passwd", "passphrase", "secret", "jaas", "hmac", "user.info"},
		func(part string) bool { return strings.Contains(name, part) })
}

// ReadPasswordFile returns the content of the file that a flag names. The usage error does not repeat its name: people
// give the password itself there.
func ReadPasswordFile(flag, name string) ([]byte, error) {
	data, err := os.ReadFile(name)
	if err == nil {
		return data, nil
	}
	reason := "it cannot be read"
	if path, is := errors.AsType[*fs.PathError](err); is {
		reason = path.Err.Error()
	}
	return nil, WithHint(AsUsage(WithText(err, fmt.Sprintf("%s: %s", flag, reason))),
		flag+" takes the name of a file that holds the password, not the password")
}

// unknownLetter returns the text for a letter that is no flag, without what stands behind it: some programs take a
// password there. It is "" for any other error.
func unknownLetter(err error) string {
	unknown, is := errors.AsType[*pflag.NotExistError](err)
	if !is || unknown.GetSpecifiedShortnames() == "" {
		return ""
	}
	return "unknown shorthand flag: -" + unknown.GetSpecifiedName()
}

// FlagError makes a usage error of what pflag returns.
func FlagError(err error) error {
	if text := unknownLetter(err); text != "" {
		return AsUsage(WithText(err, text))
	}
	return AsUsage(err)
}
