package cli

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"kafkactl/internal/health"
	"kafkactl/internal/kafka"
)

// addressList is the value of a flag that takes addresses, separated by commas and perhaps blanks.
// [CheckAddresses] judges them.
type addressList struct {
	value    *[]string
	kind     kafka.AddressKind
	check    func(addrs []string) error
	given    bool   // else value is the default
	gaps     error  // an item is missing in a text that was given
	variable string // that set the flag, "" for none

	connection *Connection // of the command whose --brokers it is; nil for any other flag
}

// CheckAddresses judges the addresses that cmd was given, before it dials any. Completion does not:
// what is typed may not be whole yet.
func CheckAddresses(cmd *cobra.Command) error {
	var errs []error
	cmd.Flags().VisitAll(func(flag *pflag.Flag) {
		list, ok := flag.Value.(*addressList)
		if !ok || !list.given {
			return
		}
		err := errors.Join(list.check(*list.value), list.gaps)
		if err != nil && list.variable != "" {
			err = fmt.Errorf("%s: %w", list.variable, err)
		}
		errs = append(errs, err)
	})
	return errors.Join(errs...)
}

// brokersVar adds a flag for bootstrap addresses. An address that is given twice is one.
func brokersVar(flags *pflag.FlagSet, p *[]string, name, short string, value []string, usage string) {
	*p = value
	list := &addressList{value: p, kind: kafka.BrokerAddress, check: func(addrs []string) error {
		return kafka.CheckAddresses(kafka.BrokerAddress, addrs)
	}}
	flags.VarP(list, name, short, usage)
}

// ZooKeeperVar adds a flag for the servers of an ensemble, of which the last may end in a chroot.
// There are none by default, and for an empty text.
func ZooKeeperVar(flags *pflag.FlagSet, p *[]string, name, usage string) {
	flags.Var(&addressList{value: p, kind: kafka.ZooKeeperAddress, check: func(addrs []string) error {
		_, _, err := health.SplitZooKeeper(addrs)
		return err
	}}, name, usage)
}

// String returns the addresses in brackets, for the help; "" for none.
func (l *addressList) String() string {
	if l.value == nil || len(*l.value) == 0 {
		return ""
	}
	return "[" + strings.Join(*l.value, ",") + "]"
}

// Type is what the help calls the value.
func (l *addressList) Type() string { return "strings" }

// Set takes a list in place of the default, and adds to one that was given before.
func (l *addressList) Set(text string) error {
	if l.kind == kafka.ZooKeeperAddress && strings.TrimSpace(text) == "" {
		return nil
	}
	if !l.given {
		*l.value, l.given = nil, true
	}
	addrs, gaps := kafka.ParseAddresses(l.kind, text)
	l.gaps = cmp.Or(l.gaps, gaps)
	for _, addr := range addrs {
		if !slices.Contains(*l.value, addr) {
			*l.value = append(*l.value, addr)
		}
	}
	return nil
}
