package keystore

import (
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"kafkactl/internal/kafkatest"
)

var update = flag.Bool("update", false, "make the stores of testdata again")

// The passwords of the stores. Of what they protect nothing is used anywhere.
const (
	storePassword = "store-canary-1"
	keyPassword   = "key-canary-2"
	otherPassword = "pässwort-€"
	latinPassword = "pässwört"
)

// makeScript makes every store of the tables, in the current directory. keytool is a function of it.
const makeScript = `
export S=` + storePassword + ` K=` + keyPassword + ` O=` + otherPassword + ` L=` + latinPassword + `
rm -f *.* # what -update replaces
cert() { # NAME ISSUER EXTENSIONS: a certificate of NAME.key
  openssl req -new -key $1.key -subj "/CN=$1" -out $1.csr
  printf "$3" > $1.ext
  openssl x509 -req -in $1.csr -CA $2.crt -CAkey $2.key -CAcreateserial -days 36500 -sha256 -extfile $1.ext -out $1.crt
}
ec() { openssl ecparam -name prime256v1 -genkey -noout | openssl pkcs8 -topk8 -nocrypt -out $1.key; }
CA='basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\nsubjectKeyIdentifier=hash\n'
ec root
openssl req -x509 -new -key root.key -subj /CN=root -days 36500 -sha256 -out root.crt
ec issuer; cert issuer root "$CA"
ec client; cert client issuer 'extendedKeyUsage=clientAuth\n'
openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out rsa.key; cert rsa issuer 'extendedKeyUsage=clientAuth\n'
ec stranger

cat client.crt issuer.crt root.crt > chain.pem
cat rsa.crt issuer.crt root.crt > rsa-chain.pem
cat client.key chain.pem > pkcs8.pem
cat root.crt client.crt client.key issuer.crt > shuffled.pem
(openssl ec -in client.key; cat chain.pem) > sec1.pem
(openssl rsa -traditional -in rsa.key; cat rsa-chain.pem) > pkcs1.pem
(openssl pkcs8 -topk8 -in client.key -passout env:K; cat chain.pem) > encrypted.pem
(openssl pkcs8 -topk8 -v2 des3 -v2prf hmacWithSHA512 -in client.key -passout env:K; cat chain.pem) > encrypted-des3.pem
(openssl pkcs8 -topk8 -v1 PBE-SHA1-3DES -in client.key -passout env:K; cat chain.pem) > encrypted-v1.pem
(openssl pkcs8 -topk8 -scrypt -in client.key -passout env:K; cat chain.pem) > scrypt.pem
(openssl ec -aes128 -in client.key -passout env:K; cat chain.pem) > dek.pem
(openssl rsa -traditional -des3 -in rsa.key -passout env:K; cat rsa-chain.pem) > dek-rsa.pem
cat stranger.key chain.pem > mismatch.pem
cat client.key stranger.key chain.pem > two-keys.pem
cat root.crt issuer.crt > two.pem
printf '%s%s' "$(cat root.crt)" "$(cat issuer.crt)" > joined.pem
openssl x509 -in root.crt -outform der -out root.der
openssl pkcs8 -topk8 -nocrypt -in client.key -outform der -out key.der
openssl crl2pkcs7 -nocrl -certfile chain.pem -out pkcs7.pem
openssl crl2pkcs7 -nocrl -certfile chain.pem -outform der -out pkcs7.der

p12() { out=$1; shift; openssl pkcs12 -export -inkey client.key -in chain.pem -name client -out $out "$@"; }
p12 openssl.p12 -passout env:S
p12 openssl-legacy.p12 -legacy -passout env:S
p12 openssl-rc2.p12 -legacy -certpbe PBE-SHA1-RC2-128 -keypbe PBE-SHA1-RC2-40 -macalg sha512 -passout env:S
p12 openssl-empty.p12 -passout pass:
p12 openssl-nomac.p12 -nomac -passout env:S
p12 openssl-nomac-sealed.p12 -nomac -certpbe AES-192-CBC -passout env:S
p12 openssl-plain.p12 -nomac -keypbe NONE -certpbe NONE -passout pass:
p12 openssl-unicode.p12 -passout env:O
p12 openssl-unicode-legacy.p12 -legacy -passout env:O
openssl pkcs12 -export -inkey rsa.key -in rsa-chain.pem -name rsa -passout env:S -out rsa.p12
openssl pkcs12 -export -nokeys -in root.crt -passout env:S -out nokeys.p12

from() { out=$1; shift; keytool -importkeystore -noprompt -srckeystore openssl.p12 -srcstorepass $S -srcalias client -destkeystore $out -deststorepass $S "$@"; }
from keytool.p12 -deststoretype PKCS12
from keytool-legacy.p12 -deststoretype PKCS12 -J-Dkeystore.pkcs12.legacy
from keytool.jks -deststoretype JKS
from keypass.jks -deststoretype JKS -destkeypass $K
keytool -importkeystore -noprompt -srckeystore rsa.p12 -srcstorepass $S -destkeystore rsa.jks -deststorepass $S -deststoretype JKS
trust() { out=$1; shift; for name in root issuer; do keytool -importcert -noprompt -alias $name -file $name.crt -keystore $out -storepass $S "$@"; done; }
trust trust.p12 -storetype PKCS12
trust trust-legacy.p12 -storetype PKCS12 -J-Dkeystore.pkcs12.legacy
trust trust-none.p12 -storetype PKCS12 -J-Dkeystore.pkcs12.macAlgorithm=NONE -J-Dkeystore.pkcs12.certProtectionAlgorithm=NONE
trust trust.jks -storetype JKS
trust trust.jceks -storetype JCEKS
keytool -importcert -noprompt -alias root -file root.crt -keystore latin.jks -storepass $L -storetype JKS
for type in p12 jks; do cp keytool.$type combined.$type; keytool -importcert -noprompt -alias root -file root.crt -keystore combined.$type -storepass $S; done
for type in p12 jks; do
  cp keytool.$type two-keys.$type
  keytool -importkeystore -noprompt -srckeystore rsa.p12 -srcstorepass $S -destkeystore two-keys.$type -deststorepass $S
done
# A second key, of another authority.
ec elsewhere
openssl req -x509 -new -key elsewhere.key -subj /CN=elsewhere -days 36500 -sha256 -out elsewhere.crt
ec partner; cert partner elsewhere 'extendedKeyUsage=clientAuth\n'
openssl pkcs12 -export -inkey partner.key -in partner.crt -name partner -passout env:S -out partner.p12
for type in p12 jks; do
  cp keytool.$type two-issuers.$type
  keytool -importkeystore -noprompt -srckeystore partner.p12 -srcstorepass $S -destkeystore two-issuers.$type -deststorepass $S
done
rm -f *.csr *.ext *.srl issuer.key root.key elsewhere.key partner.p12
`

// makeStores makes the stores with this machine's OpenSSL and keytool.
func makeStores(t *testing.T, dir string) {
	t.Helper()
	home, err := kafkatest.JavaHome()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "sh", "-e", "-c", strings.ReplaceAll(makeScript, "keytool -", `"$KEYTOOL" -J-XX:TieredStopAtLevel=1 -J-XX:+UseSerialGC -`))
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "KEYTOOL="+filepath.Join(home, "bin", "keytool"), "LC_ALL=C.UTF-8")
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("make stores: %v: %s", err, out)
	}
}

// checkAuthorities reads the authorities that Java brings: more than a hundred, with odd ones among them.
func checkAuthorities(t *testing.T) {
	t.Helper()
	home, err := kafkatest.JavaHome()
	if err != nil {
		t.Fatal(err)
	}
	for _, password := range []string{"changeit", ""} {
		found, err := Trust(readStore(t, home, filepath.Join("lib", "security", "cacerts")), password)
		if err != nil || len(found) < 50 {
			t.Errorf("cacerts with the password %q: %d authorities, %v", password, len(found), err)
		}
	}
}

// The tables hold for stores that are made now, by the tools of this machine, as for those of
// testdata. With -update the latter are made.
func TestStoresOfThisMachine(t *testing.T) {
	t.Parallel()
	kafkatest.Require(t, kafkatest.Stores)
	dir := t.TempDir()
	if *update {
		dir = "testdata"
	}
	makeStores(t, dir)
	checkAuthorities(t)
	for _, c := range trustCases() {
		c.check(t, dir)
	}
	for _, c := range identityCases() {
		c.check(t, dir)
	}
}
