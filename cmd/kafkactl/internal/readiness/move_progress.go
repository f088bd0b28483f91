package readiness

import (
	"fmt"
	"sync"
	"time"

	"kafkactl/cmd/kafkactl/internal/cli"
	"kafkactl/cmd/kafkactl/internal/term"
	"kafkactl/internal/admin"
)

// moveProgress shows on stderr how far replicas are copied: a bar on a terminal, a line every 10 s elsewhere, with
// -o json an object a line.
type moveProgress struct {
	app  *cli.App
	line *cli.WaitLine // of the same command; it is hidden meanwhile

	mu     sync.Mutex
	latest admin.MoveProgress
	bar    *cli.Bar // nil until it is known how much there is to do
}

// moveProgressDoc is one line of it with -o json.
type moveProgressDoc struct {
	ElapsedMS      int64  `json:"elapsedMs"`
	Partitions     int    `json:"partitions"`
	PartitionsDone int    `json:"partitionsDone"`
	Bytes          int64  `json:"bytes"`
	BytesCopied    int64  `json:"bytesCopied"`
	BytesPerSecond int64  `json:"bytesPerSecond"`
	LeftMS         *int64 `json:"leftMs"` // null where it is not known
}

// update is called with each look at the brokers.
func (m *moveProgress) update(p admin.MoveProgress) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.latest = p
	if m.bar == nil {
		m.line.Hide()
		m.bar = m.app.NewBar(cli.BarOptions{Total: p.Bytes, Bytes: true, Line: m.text, Doc: m.doc})
	}
	m.bar.Set(p.Copied)
}

func (m *moveProgress) now() admin.MoveProgress {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.latest
}

// text is how far it is: "1.2 GiB of 3 GiB copied (40%), 50 MiB/s, 37s left, 4 of 12 partitions in sync".
func (m *moveProgress) text() string {
	p := m.now()
	text := fmt.Sprintf("%6.1fs ", p.Elapsed.Seconds())
	if p.Bytes > 0 {
		text += fmt.Sprintf("%s of %s copied (%d%%), %s/s, ", term.SizeText(p.Copied), term.SizeText(p.Bytes), p.Copied*100/p.Bytes, term.SizeText(p.Rate))
	}
	if p.Left >= 0 && p.Done < p.Partitions {
		text += term.ShortDuration(p.Left.Round(time.Second)) + " left, "
	}
	return text + fmt.Sprintf("%d of %s in sync", p.Done, term.Count(p.Partitions, "partition"))
}

func (m *moveProgress) doc() any {
	p := m.now()
	doc := moveProgressDoc{
		ElapsedMS: p.Elapsed.Milliseconds(), Partitions: p.Partitions, PartitionsDone: p.Done,
		Bytes: p.Bytes, BytesCopied: p.Copied, BytesPerSecond: p.Rate,
	}
	if p.Left >= 0 {
		ms := p.Left.Milliseconds()
		doc.LeftMS = &ms
	}
	return doc
}

// during returns untimed, which takes the progress off the screen when it starts the clock again.
func (m *moveProgress) during(untimed func() (start func())) func() (start func()) {
	return func() func() {
		start := untimed()
		return func() {
			m.finish()
			start()
		}
	}
}

// finish takes it off the screen.
func (m *moveProgress) finish() {
	m.mu.Lock()
	bar := m.bar
	m.bar = nil
	m.mu.Unlock()
	if bar != nil {
		bar.Finish()
	}
}
