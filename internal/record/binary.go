package record

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/google/uuid"
)

// IsBinary reports whether bytes are no text: they are not UTF-8, or hold a zero, or have the length
// of a serialized number (4 or 8) with a control character in it that no text has. Whether the bytes
// of a number happen to be UTF-8 depends on the number.
func IsBinary(b []byte) bool {
	number := len(b) == 4 || len(b) == 8
	for _, c := range b {
		if c == 0 || number && (c < ' ' && c != '\t' && c != '\n' && c != '\r' || c == 0x7f) {
			return true
		}
	}
	return !utf8.Valid(b)
}

// ParseKey reads a key as a flag is given it: text, or behind a prefix what Kafka's own serializers
// make. int:42 are 4 bytes and long:42 are 8, big-endian (IntegerSerializer, LongSerializer), uuid:…
// is a UUID in small letters (UUIDSerializer writes text), base64:… are any bytes, and string:… is
// text that begins like one of these.
func ParseKey(s string) ([]byte, error) {
	kind, text, found := strings.Cut(s, ":")
	if !found {
		return []byte(s), nil
	}
	switch kind {
	case "string":
		return []byte(text), nil
	case "int":
		n, err := strconv.ParseInt(text, 10, 32)
		return binary.BigEndian.AppendUint32(nil, uint32(n)), keyError(s, "int", text, err, "a whole number of 32 bits")
	case "long":
		n, err := strconv.ParseInt(text, 10, 64)
		return binary.BigEndian.AppendUint64(nil, uint64(n)), keyError(s, "long", text, err, "a whole number of 64 bits")
	case "uuid":
		id, err := uuid.Parse(text)
		if err == nil && len(text) != uuidLength {
			err = strconv.ErrSyntax
		}
		return []byte(id.String()), keyError(s, "uuid", text, err, "a UUID")
	case "base64":
		key, err := base64.StdEncoding.DecodeString(text)
		return key, keyError(s, "base64", text, err, "base64")
	default:
		return []byte(s), nil
	}
}

// keyError says what stands behind a prefix instead of what; nil where err is.
func keyError(key, prefix, text string, err error, what string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("key %q: %q is not %s; string:%s:%s is the text itself", key, text, what, prefix, text)
}

// HeaderNumber returns the number in a header of a dead letter, or of a record that is tried again:
// Spring for Apache Kafka and Spring Cloud Stream write the partition, offset and timestamp that a
// record came from as big-endian bytes. It returns false for other headers, and for a value that is
// text: Kafka Connect, and many by hand, write digits.
func HeaderNumber(name string, value []byte) (int64, bool) {
	if len(value) == 0 || len(value) > 8 || strings.Trim(string(value), "0123456789") == "" {
		return 0, false
	}
	sized := len(value) == 4 || len(value) == 8
	retry, isRetry := strings.CutPrefix(name, "retry_topic-") // as short as BigInteger.toByteArray makes them
	switch {
	case isRetry && (retry == "attempts" || strings.HasSuffix(retry, "-timestamp")):
	case sized && name == "kafka_deliveryAttempt":
	case sized && (strings.HasPrefix(name, "kafka_") || strings.HasPrefix(name, "x-")) && hasPlaceSuffix(name):
	default:
		return 0, false
	}
	n := int64(int8(value[0])) // with its sign
	for _, b := range value[1:] {
		n = n<<8 | int64(b)
	}
	return n, true
}

// hasPlaceSuffix reports whether a name is that of a place in a log: kafka_dlt-original-offset,
// kafka_original-partition, x-original-timestamp.
func hasPlaceSuffix(name string) bool {
	for _, suffix := range []string{"original-offset", "original-partition", "original-timestamp"} {
		if strings.HasSuffix(name, suffix) {
			return true
		}
	}
	return false
}
