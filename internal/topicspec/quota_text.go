package topicspec

import (
	"strconv"
	"strings"
)

// QuotaText is the value of a client quota (KIP-546) for people: "5MiB/s" of a rate in bytes, "12.5%" of the time of
// request threads. Rates are those of each broker.
func QuotaText(key, value string) string {
	switch {
	case strings.HasSuffix(key, "_byte_rate"):
		if number, err := strconv.ParseFloat(value, 64); err == nil && number == float64(int64(number)) {
			value = Humanize(".bytes", strconv.FormatInt(int64(number), 10))
		}
		return value + "/s"
	case key == "request_percentage":
		return value + "%"
	default:
		return value + "/s"
	}
}

// QuotaName is the word that a topics file has for the key of a quota: "produce" for "producer_byte_rate".
func QuotaName(key string) string {
	names := map[string]string{
		"producer_byte_rate": "produce", "consumer_byte_rate": "consume",
		"request_percentage": "requestPercent", "controller_mutation_rate": "controllerMutations",
	}
	if name, known := names[key]; known {
		return name
	}
	return key
}
