package admin

import "kafkactl/internal/kafka"

// What record still knows by this package's name.
type (
	Config                = kafka.Config
	DeniedError           = kafka.DeniedError
	MissingPartitionError = kafka.MissingPartitionError
)

var Refusal = kafka.Refusal //nolint:gochecknoglobals // until record imports kafka, in the next commit
