package spec

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/clitest"
)

// passwords is about a password that somebody changed, which kafkactl sees and mends; over a listener without logins it
// cannot know.
func (f accessField) passwords() {
	f.Helper()
	generated := make(map[string]string)
	for _, service := range stackServices() {
		info, err := os.Stat(f.passwordFile(service))
		if os.IsNotExist(err) {
			continue
		}
		if err != nil {
			f.Fatal(err)
		}
		generated[service] = f.password(service)
		if mode := info.Mode().Perm(); mode != 0o600 || !regexp.MustCompile(`^[A-Za-z0-9_-]{32}$`).MatchString(generated[service]) {
			f.Errorf("%s: mode %o, %d characters", info.Name(), mode, len(generated[service]))
		}
	}
	if len(generated) != len(stackServices())-2 {
		f.Errorf("%d passwords were generated", len(generated))
	}
	for _, service := range []string{"CartService", "PaymentService", "AnalyticsService"} {
		f.setPassword(service, "changed-by-hand")
	}
	f.wantNoWrite("plan", func() {
		for _, format := range []string{"table", "json", "yaml"} {
			f.run("plan", "--check", "-o", format).Want(f.T, cli.ExitCondition, `CartService`, `PaymentService`, `AnalyticsService`)
		}
	})
	f.run("apply").Want(f.T, cli.ExitDone, `CartService`)
	f.wantServices()
	f.run("plan", "--check").Want(f.T, cli.ExitDone, `in sync`)
	f.setPassword("CartService", "changed-by-hand")
	f.overPlaintext()
	f.run("apply").Want(f.T, cli.ExitDone, `CartService`) // it is still to be mended
	f.wantServices()
	for service, password := range generated {
		if f.password(service) != password {
			f.Errorf("the password file of %s was rewritten", service)
		}
	}
}

// overPlaintext runs kafkactl where nobody logs in: no password can be tried, so none is drift.
func (f accessField) overPlaintext() {
	f.Helper()
	for _, command := range []string{"plan", "apply"} {
		args := []string{command, "-f", f.file, "-b", f.Cluster.Bootstrap()}
		if command == "plan" {
			args = append(args, "--check")
		}
		cmd, result := clitest.Program(f.T, args...)
		cmd.Env = append(cmd.Env, "PAYMENT_PASSWORD="+paymentPassword)
		r := result(cmd.Run())
		f.outputs.WriteString(r.Stdout + r.Stderr)
		r.Want(f.T, cli.ExitDone)
		if !strings.Contains(r.Stdout+r.Stderr, "not verified") {
			f.Errorf("%s: nothing of passwords that are not verified: %v", command, r)
		}
	}
}

// wantNoPassword fails the test when kafkactl has printed a password.
func (f accessField) wantNoPassword() {
	f.Helper()
	passwords := []string{adminPassword, paymentPassword, analyticsPassword}
	generated, err := filepath.Glob(filepath.Join(f.dir, "*.password"))
	if err != nil || len(generated) < 7 {
		f.Fatal(generated, err)
	}
	for _, file := range generated {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		passwords = append(passwords, strings.TrimSuffix(string(text), "\n"))
	}
	for i, password := range passwords {
		if strings.Contains(f.outputs.String(), password) {
			f.Errorf("password %d was printed", i)
		}
	}
}
