package kafkatest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// requestsTimeout bounds how long the line of a request that was answered may be missing from a
// broker's log.
const requestsTimeout = 10 * time.Second

func (c *Cluster) requestLogPath(name string) string {
	return filepath.Join(c.dir, name+"-requests.log")
}

// Requests counts, by API name ("CREATE_TOPICS", "METADATA"), the requests that the brokers have
// completed since they were launched, over all of them. Every request whose answer somebody got
// before the call is in.
//
// What brokers send to each other is in too, under its own names (FETCH, UPDATE_METADATA, ...), but
// not what reached a KRaft controller, directly or forwarded: a CreateTopics counts once. What
// WaitReady and Requests send is left out. A broker that is paused or does not run counts with what
// it had logged. Options.RequestLog must be set.
func (c *Cluster) Requests() (map[string]int, error) {
	if !c.opts.RequestLog {
		return nil, errors.New("count requests: Options.RequestLog is not set")
	}
	counts := map[string]int{}
	for _, b := range c.brokers {
		entries, err := c.brokerRequests(b)
		if err != nil {
			return nil, fmt.Errorf("count requests of %s: %w", b.proc.name, err)
		}
		for _, e := range entries {
			if e.counts() {
				counts[e.Header.API]++
			}
		}
	}
	return counts, nil
}

// brokerRequests reads the request log of b. A broker logs a request just after it has sent the
// answer, in its one network thread, so the log is complete once a request sent now is in it.
func (c *Cluster) brokerRequests(b *broker) ([]requestEntry, error) {
	path := c.requestLogPath(b.proc.name)
	serving, err := b.proc.serving()
	if err != nil {
		return nil, err
	}
	if !serving {
		return readRequests(path)
	}
	//nolint:forbidigo // Requests takes no context, so the bound starts here
	ctx, cancel := context.WithTimeout(context.Background(), requestsTimeout)
	defer cancel()
	marker := fmt.Sprintf("%s-%016x", probeClient, rand.Uint64())
	cl, err := newProbe(b, marker)
	if err != nil {
		return nil, err
	}
	defer cl.Close()
	if _, err := askMetadata(ctx, cl); err != nil {
		return nil, err
	}
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	for {
		entries, err := readRequests(path)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			if e.Header.ClientID == marker && e.Header.API == "METADATA" {
				return entries, nil
			}
		}
		select {
		case <-tick.C:
		case <-ctx.Done():
			return nil, fmt.Errorf("wait for a request's line in %s: %w", path, context.Cause(ctx))
		}
	}
}

// requestEntry is the part that is read here of what a broker logs about a completed request.
type requestEntry struct {
	Header struct {
		API      string `json:"requestApiKeyName"`
		ClientID string `json:"clientId"`
	} `json:"requestHeader"`
	Listener  string `json:"listener"`
	Forwarded bool   `json:"isForwarded"`
}

func (e requestEntry) counts() bool {
	return !e.Forwarded && e.Listener != controllerListener && !strings.HasPrefix(e.Header.ClientID, probeClient)
}

// readRequests parses a request log: lines of "Completed request:" and one JSON object. A last line
// without its end is still being written and is left for the next call; a log that is not there yet
// is empty.
func readRequests(path string) ([]requestEntry, error) {
	data, err := os.ReadFile(path)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	var entries []requestEntry
	for line := range bytes.Lines(data) {
		text, ok := bytes.CutPrefix(line, []byte("Completed request:"))
		if !ok || !bytes.HasSuffix(line, []byte("\n")) {
			continue
		}
		var e requestEntry
		if err := json.Unmarshal(text, &e); err != nil {
			return nil, fmt.Errorf("parse %s: %w", path, err)
		}
		entries = append(entries, e)
	}
	return entries, nil
}
