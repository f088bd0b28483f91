package properties

import (
	"crypto/tls"
	"time"
)

// Client is what a client.properties says, in the terms of the program. Its zero value is a client
// without TLS and without a login. Nothing in it was read or asked: files are locations, stores are
// passwords.
type Client struct {
	Brokers          []string // host:port, without a protocol before it
	ClientID         string
	SecurityProtocol Protocol
	SASL             SASL
	TLS              TLS // of the connections to brokers; the zero value where the protocol has no TLS
	Timeouts         Timeouts
	Defaults         Defaults

	// Warnings are what has no effect, weakens the connection, or is hardly meant.
	Warnings []Problem
	// Doubts are worth saying when a password is refused. They name secrets and user names with characters beyond
	// ASCII that were read as UTF-8, where Java's clients read ISO-8859-1, and passwords with quotes around them.
	Doubts []Problem
	// Places says where each file was named, by its location: a problem without a message, for whoever reads
	// the file and cannot.
	Places map[string]Problem
}

// Protocol is a security.protocol of Kafka.
type Protocol string

// The protocols. Kafka's default is PLAINTEXT, which is what the zero value of a [Client] means, too.
const (
	Plaintext     Protocol = "PLAINTEXT"
	SSL           Protocol = "SSL"
	SASLPlaintext Protocol = "SASL_PLAINTEXT"
	SASLSSL       Protocol = "SASL_SSL"
)

// HasTLS reports whether connections are encrypted.
func (p Protocol) HasTLS() bool { return p == SSL || p == SASLSSL }

// HasSASL reports whether clients log in.
func (p Protocol) HasSASL() bool { return p == SASLPlaintext || p == SASLSSL }

// The mechanisms of [SASL].
const (
	Plain       = "PLAIN"
	ScramSHA256 = "SCRAM-SHA-256"
	ScramSHA512 = "SCRAM-SHA-512"
	OAuthBearer = "OAUTHBEARER"
	AWSMSKIAM   = "AWS_MSK_IAM"
)

// SASL is how a client logs in. Its zero value does not.
type SASL struct {
	Mechanism string // one of the constants above
	Username  string // of PLAIN and SCRAM
	Password  Secret
	TokenAuth bool  // the user name is the id of a delegation token and the password its HMAC (SCRAM only)
	OAuth     OAuth // of OAUTHBEARER
	AWS       AWS   // of AWS_MSK_IAM, and of OAUTHBEARER with [TokenFromAWS]
}

// TokenSource is where the token of OAUTHBEARER comes from.
type TokenSource string

// The sources of tokens.
const (
	TokenFromEndpoint TokenSource = "client_credentials" // an HTTP request with client id and secret (KIP-768)
	TokenFromFile     TokenSource = "file"
	TokenFromAWS      TokenSource = "msk"       // a signed URL, as the library of MSK makes it
	TokenUnsecured    TokenSource = "unsecured" // a JWT without a signature, for development
)

// OAuth is a login with a token.
type OAuth struct {
	Source          TokenSource
	TokenURL        string // of [TokenFromEndpoint]
	TokenFile       string // of [TokenFromFile]
	ClientID        string
	ClientSecret    Secret
	Scope           string
	URLEncodeHeader bool // client id and secret are form-encoded before base64, as RFC 6749 has it and Java by default has not
	Extensions      map[string]string
	Unsecured       Unsecured // of [TokenUnsecured]
	TLS             TLS       // of the request for the token
	ConnectTimeout  time.Duration
	ReadTimeout     time.Duration
	RetryBackoff    time.Duration
	MaxRetryBackoff time.Duration
}

// Unsecured are the claims of a token without a signature.
type Unsecured struct {
	PrincipalClaim string // the claim that holds the user; "sub" by default
	ScopeClaim     string // "scope" by default
	Lifetime       time.Duration
	Strings        map[string]string
	Numbers        map[string]float64
	Lists          map[string][]string
}

// AWS is a login by an identity of AWS, whose keys the environment leads to.
type AWS struct {
	RoleARN         string // to assume; "" for the identity itself
	RoleSessionName string
	RoleExternalID  string
	STSRegion       string
	Attempts        int           // to get credentials, the first one too; 0 where it is not said
	MaxBackoff      time.Duration // between two of them; 0 where it is not said
}

// TLS is how a connection is encrypted, and whom it trusts. Its zero value trusts the system's
// authorities and verifies chain and name.
type TLS struct {
	Truststore  Store
	Keystore    Store  // with the client's certificate; empty where it has none
	KeyPassword Secret // of the key; empty where it is that of the store, or none

	// SkipNameVerification means that the chain is verified and the name is not
	// (ssl.endpoint.identification.algorithm is empty, or librdkafka's none).
	SkipNameVerification bool
	// SkipVerification means that nothing is verified (enable.ssl.certificate.verification=false).
	SkipVerification bool

	MinVersion, MaxVersion uint16        // of crypto/tls; 0 for its default
	CipherSuites           []uint16      // those of TLS 1.2; nil for the default
	Curves                 []tls.CurveID // nil for the default
}

// Store is where certificates come from: a location or a text in PEM, never both. What a file is
// must be read from its content: the type that Kafka files give is often not the one they have.
type Store struct {
	Location    string // a file; of a truststore also a directory of PEM files
	Type        string // as it was given; "" where Kafka's default, JKS, holds
	Password    Secret
	PEM         Secret // certificates; a key where the file put both in one
	KeyLocation string // of the key, where it is in a file of its own (librdkafka)
	KeyPEM      Secret // the same as a text
	SystemRoots bool   // ssl.ca.location=probe
}

// IsSet reports whether the store has certificates.
func (s Store) IsSet() bool { return s.Location != "" || s.PEM.IsSet() || s.SystemRoots }

// Timeouts are those of the file; 0 where it has none.
type Timeouts struct {
	Request         time.Duration // request.timeout.ms, socket.timeout.ms
	API             time.Duration // default.api.timeout.ms
	ConnectionSetup time.Duration // socket.connection.setup.timeout.ms
	ConnectionMax   time.Duration // socket.connection.setup.timeout.max.ms
}

// Defaults are settings of producers and consumers that commands have flags for; "" where the file
// has none.
type Defaults struct {
	Acks        string // all, 1 or 0
	Compression string // none, gzip, snappy, lz4 or zstd
	Isolation   string // read_uncommitted or read_committed
}
