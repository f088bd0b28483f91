package composefile

import (
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/compose-spec/compose-go/v2/types"
)

// maxMounted is above what a store of certificates, or a file with one password, has.
const maxMounted = 4 << 20

// mounted returns what the container of a service finds at a path, as far as that is a file of this
// machine: below a bind mount, or a secret or a config that is a file. It returns nil for all else,
// and for what cannot be read: a missing file may be made later.
func (s *Stack) mounted(svc *service, inside string) []byte {
	name := s.hostFile(svc, inside)
	if name == "" {
		return nil
	}
	info, err := os.Stat(name)
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxMounted {
		return nil
	}
	file, err := os.Open(name)
	if err != nil {
		return nil
	}
	defer func() { _ = file.Close() }() // only read
	content, err := io.ReadAll(io.LimitReader(file, maxMounted))
	if err != nil {
		return nil
	}
	return content
}

// hostFile returns the file of this machine that the service has at a path, "" for none. Of several
// mounts the innermost holds.
func (s *Stack) hostFile(svc *service, inside string) string {
	inside = path.Clean(inside)
	found, depth := "", -1
	take := func(target, source string) {
		target = path.Clean(target)
		rest, below := strings.CutPrefix(inside, strings.TrimSuffix(target, "/")+"/")
		if inside != target && !below {
			return
		}
		if inside == target {
			rest = ""
		}
		if len(target) > depth {
			found, depth = source, len(target)
			if source != "" {
				found = filepath.Join(source, filepath.FromSlash(rest))
			}
		}
	}
	for _, volume := range svc.Volumes {
		source := ""
		if volume.Type == types.VolumeTypeBind {
			source = volume.Source
		}
		take(volume.Target, source) // what another volume has there is not known
	}
	for _, secret := range svc.Secrets {
		take(secretPath(secret.Target, secret.Source), s.files["secret "+secret.Source])
	}
	for _, config := range svc.Configs {
		target := config.Target
		if target == "" {
			target = "/" + config.Source
		}
		take(target, s.files["config "+config.Source])
	}
	return found
}

// secretPath is where a container finds a secret.
func secretPath(target, source string) string {
	switch {
	case target == "":
		return "/run/secrets/" + source
	case path.IsAbs(target):
		return target
	default:
		return "/run/secrets/" + target
	}
}

// fileObjects returns the secrets and configs of a project that are files of this machine.
func fileObjects(project *types.Project) map[string]string {
	files := make(map[string]string)
	for name, secret := range project.Secrets {
		files["secret "+name] = secret.File
	}
	for name, config := range project.Configs {
		files["config "+name] = config.File
	}
	return files
}
