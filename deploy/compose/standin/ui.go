package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// serveUI answers the two paths of Kafka UI's API that the tests ask, from the cluster its variables name, so that a
// wrong variable is seen as it would be in the real one.
func serveUI(ctx context.Context, stdout io.Writer, env environment) error {
	if err := env.require("KAFKA_CLUSTERS_0_NAME", "KAFKA_CLUSTERS_0_BOOTSTRAPSERVERS"); err != nil {
		return err
	}
	properties, err := newSpringProperties(env)
	if err != nil {
		return err
	}
	opts, err := clientOptions(properties)
	if err != nil {
		return err
	}
	client, err := kgo.NewClient(opts...)
	if err != nil {
		return fmt.Errorf("connect to the cluster: %w", err)
	}
	defer client.Close()

	mux := http.NewServeMux()
	mux.HandleFunc("GET /actuator/health", func(w http.ResponseWriter, _ *http.Request) {
		writeJSON(w, map[string]string{"status": "UP"})
	})
	mux.HandleFunc("GET /api/clusters/"+env.lookup["KAFKA_CLUSTERS_0_NAME"]+"/topics", func(w http.ResponseWriter, r *http.Request) {
		topics, err := kadm.NewClient(client).ListTopics(r.Context())
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		writeJSON(w, topicsPage(topics))
	})

	server := &http.Server{Addr: ":8080", Handler: login(properties, mux), ReadHeaderTimeout: 5 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.ListenAndServe() }()
	fmt.Fprintln(stdout, "listening on :8080")
	select {
	case err := <-ended:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
		return server.Close()
	}
}

type uiTopic struct {
	Name              string `json:"name"`
	PartitionCount    int    `json:"partitionCount"`
	ReplicationFactor int    `json:"replicationFactor"`
}

func topicsPage(details kadm.TopicDetails) map[string]any {
	topics := []uiTopic{}
	for _, detail := range details.Sorted() {
		topics = append(topics, uiTopic{detail.Topic, len(detail.Partitions), detail.Partitions.NumReplicas()})
	}
	return map[string]any{"pageCount": 1, "topics": topics}
}

func writeJSON(w http.ResponseWriter, doc any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(doc)
}

// get prints what the last argument, a URL, answers; it fails as wget does when that is no success.
func get(ctx context.Context, stdout io.Writer, args []string) error {
	if len(args) == 0 {
		return errors.New("get needs a URL")
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, args[len(args)-1], http.NoBody)
	if err != nil {
		return fmt.Errorf("get: %w", err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close() //nolint:errcheck // only read
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("get %s: %s", request.URL, response.Status)
	}
	if _, err := io.Copy(stdout, response.Body); err != nil {
		return fmt.Errorf("get %s: %w", request.URL, err)
	}
	return nil
}
