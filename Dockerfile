# kafkactl as an image: one static binary and the topics file, nothing else. No shell, no JVM, not root.
#
#   docker build -t kafkactl:local .
#   docker run --rm -it --network kafka-stack_default kafkactl:local list -b kafka:9092
#
# Built with BuildKit (the default since Docker 23). No "# syntax=" line: it would fetch a frontend from a registry.

ARG GO_VERSION=1.26

# The build runs on the builder's own platform and cross-compiles: Go needs no emulator for that.
FROM --platform=$BUILDPLATFORM golang:${GO_VERSION} AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN --mount=type=cache,target=/go/pkg/mod go mod download
COPY cmd cmd
COPY internal internal
ARG TARGETOS TARGETARCH VERSION=dev
RUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build \
    CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -buildvcs=false -ldflags "-s -w -X main.version=$VERSION" -o /kafkactl ./cmd/kafkactl

FROM scratch
ARG VERSION=dev
LABEL org.opencontainers.image.title="kafkactl" \
      org.opencontainers.image.description="Waits until Kafka is truly ready, makes topics match topics.yaml, verifies it" \
      org.opencontainers.image.version="$VERSION"
# For brokers whose certificate a public authority signed.
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /kafkactl /kafkactl
# The topics this image makes; mount another file over it: -v ./topics.yaml:/topics.yaml:ro
COPY topics.yaml /topics.yaml
WORKDIR /
# A number, because a scratch image has no passwd file to look a name up in; Kubernetes' runAsNonRoot wants one too.
USER 65532:65532
# Exec form: kafkactl itself is process 1 and gets SIGTERM. No HEALTHCHECK: it ends by itself, and its exit code is its health.
ENTRYPOINT ["/kafkactl"]
CMD ["help"]
