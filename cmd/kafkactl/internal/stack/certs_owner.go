package stack

import (
	"fmt"
	"os"
	"strconv"
	"strings"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/internal/certificates"
)

// filesOwner is a user, and a group or -1, by number: an image without a passwd file knows no names.
type filesOwner struct{ uid, gid int }

// parseFilesOwner reads UID or UID:GID; nil for "", which leaves the files as they are made.
func parseFilesOwner(text string) (*filesOwner, error) {
	if text == "" {
		return nil, nil
	}
	owner := filesOwner{gid: -1}
	user, group, withGroup := strings.Cut(text, ":")
	uid, err := strconv.ParseUint(user, 10, 31)
	if err == nil && withGroup {
		var gid uint64
		gid, err = strconv.ParseUint(group, 10, 31)
		owner.gid = int(gid)
	}
	if err != nil {
		return nil, cli.Usagef("--owner must be UID or UID:GID, as numbers, got %q", text)
	}
	owner.uid = int(uid)
	return &owner, nil
}

// giveAway gives the files to the owner that was asked for, those that were there before too. The
// CA's key stays with whom it belongs to: who serves or reads a certificate has no use for it.
func (o *certsOptions) giveAway(files []certificates.File) error {
	owner, err := parseFilesOwner(o.owner)
	if owner == nil || err != nil || o.check {
		return err
	}
	for _, file := range files {
		if file.Name == certificates.CAKeyFile {
			continue
		}
		if err := os.Chown(o.path(file.Name), owner.uid, owner.gid); err != nil {
			return cli.WithHint(fmt.Errorf("give %s to user %d: %w", o.path(file.Name), owner.uid, causeOf(err)),
				"only root may give files away; without --owner they are yours")
		}
	}
	return nil
}
