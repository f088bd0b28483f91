package topicspec

import (
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"kafkactl/internal/yaml"
)

func TestSchemaFileIsCurrent(t *testing.T) {
	t.Parallel()
	want, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	got, err := os.ReadFile("../../topics.schema.json")
	if err != nil {
		t.Fatalf("%v: run make generate", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("topics.schema.json is not what the types say: run make generate (-want +got):\n%s", diff)
	}
}

// schemaNode is what kafkactl's schema uses of JSON Schema. Decoding it is strict, so
// that a keyword accepts does not check fails the tests.
type schemaNode struct {
	Schema               string                 `json:"$schema"`
	Title                string                 `json:"title"`
	Description          string                 `json:"description"`
	Type                 string                 `json:"type"`
	OneOf                []*schemaNode          `json:"oneOf"`
	Properties           map[string]*schemaNode `json:"properties"`
	PatternProperties    map[string]*schemaNode `json:"patternProperties"`
	AdditionalProperties json.RawMessage        `json:"additionalProperties"`
	Items                *schemaNode            `json:"items"`
	Required             []string               `json:"required"`
	Enum                 []any                  `json:"enum"`
	Minimum              *float64               `json:"minimum"`
	Maximum              *float64               `json:"maximum"`
	MinProperties        int                    `json:"minProperties"`
	Pattern              string                 `json:"pattern"`
	If                   *schemaNode            `json:"if"`
	Then                 *schemaNode            `json:"then"`
	PropertyNames        *schemaNode            `json:"propertyNames"`
}

func readSchema(t *testing.T) *schemaNode {
	t.Helper()
	data, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	return decodeSchema(t, data)
}

func decodeSchema(t *testing.T, data []byte) *schemaNode {
	t.Helper()
	decoder := json.NewDecoder(strings.NewReader(string(data)))
	decoder.DisallowUnknownFields()
	node := new(schemaNode)
	if err := decoder.Decode(node); err != nil {
		t.Fatalf("the schema has a word this test does not know: %v", err)
	}
	return node
}

// others is the schema of the properties that are not named, nil when there may be none.
func (s *schemaNode) others(t *testing.T) *schemaNode {
	t.Helper()
	if string(s.AdditionalProperties) == "false" {
		return nil
	}
	return decodeSchema(t, s.AdditionalProperties)
}

// object is the alternative of s that is not null; s itself when there is no choice.
func (s *schemaNode) object() *schemaNode {
	if len(s.OneOf) > 0 {
		return s.OneOf[0]
	}
	return s
}

// accepts judges a value as JSON Schema does.
func (s *schemaNode) accepts(t *testing.T, value any) bool {
	t.Helper()
	if len(s.OneOf) > 0 {
		matching := 0
		for _, one := range s.OneOf {
			if one.accepts(t, value) {
				matching++
			}
		}
		return matching == 1
	}
	switch value := value.(type) {
	case nil:
		return s.Type == "null"
	case bool:
		return s.Type == "boolean"
	case string:
		return s.Type == "string" && (s.Enum == nil || slices.Contains(s.Enum, any(value))) && regexp.MustCompile(s.Pattern).MatchString(value)
	case int:
		number := float64(value)
		return (s.Type == "integer" || s.Type == "number") && (s.Enum == nil || slices.Contains(s.Enum, any(number))) &&
			(s.Minimum == nil || number >= *s.Minimum) && (s.Maximum == nil || number <= *s.Maximum)
	case float64:
		return s.Type == "number"
	case []any:
		return s.Type == "array" && !slices.ContainsFunc(value, func(item any) bool { return !s.Items.accepts(t, item) })
	case map[string]any:
		return s.Type == "object" && s.acceptsObject(t, value)
	default:
		t.Fatalf("no judgement of a %T", value)
		return false
	}
}

func (s *schemaNode) acceptsObject(t *testing.T, object map[string]any) bool {
	t.Helper()
	for name, value := range object {
		property := s.Properties[name]
		for pattern, of := range s.PatternProperties {
			if regexp.MustCompile(pattern).MatchString(name) {
				property = of
			}
		}
		if property == nil {
			property = s.others(t)
		}
		if property == nil || !property.accepts(t, value) {
			return false
		}
	}
	if s.If != nil && s.If.has(object) && !s.Then.allows(object) {
		return false
	}
	return s.has(object) && len(object) >= s.MinProperties
}

// has reports whether an object has all that is required.
func (s *schemaNode) has(object map[string]any) bool {
	return !slices.ContainsFunc(s.Required, func(name string) bool { _, ok := object[name]; return !ok })
}

// allows reports whether an object has no other properties than those that may be named.
func (s *schemaNode) allows(object map[string]any) bool {
	for name := range object {
		if !slices.Contains(s.PropertyNames.Enum, any(name)) {
			return false
		}
	}
	return true
}

// An editor must not underline what Parse takes.
func TestSchemaAcceptsWhatParseAccepts(t *testing.T) {
	t.Parallel()
	schema := readSchema(t)
	for _, tt := range validDocuments {
		t.Run(tt.name, func(t *testing.T) {
			t.Parallel()
			if value := yamlValue(t, tt.document); !schema.accepts(t, value) {
				t.Errorf("the schema refuses %v", value)
			}
		})
	}
}

// What an editor can see without knowing names, values or other places, it shall see.
func TestSchemaRefuses(t *testing.T) {
	t.Parallel()
	schema := readSchema(t)
	for _, name := range []string{
		"access", "counts", "list-document", "nulls", "scalar-document", "settings-unknown", "state", "topics-empty", "topics-missing",
		"topics-null", "topics-scalar", "types-of-fields", "unknown-fields", "version-missing", "version-text", "version-wrong",
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			document, err := os.ReadFile("testdata/invalid/" + name + ".yaml")
			if err != nil {
				t.Fatal(err)
			}
			if schema.accepts(t, yamlValue(t, string(document))) {
				t.Error("the schema accepts it")
			}
		})
	}
}

// yamlValue is a document as an editor hands it to a schema: its keys are strings.
func yamlValue(t *testing.T, document string) any {
	t.Helper()
	docs, err := yaml.Documents([]byte(document))
	if err != nil {
		t.Fatal(err)
	}
	var value any
	for _, doc := range docs[:min(1, len(docs))] { // of an empty text, nothing
		if err := doc.Decode(&value); err != nil {
			t.Fatal(err)
		}
	}
	return withStringKeys(value)
}

func withStringKeys(value any) any {
	switch value := value.(type) {
	case map[any]any:
		object := make(map[string]any)
		for key, item := range value {
			object[fmt.Sprint(key)] = withStringKeys(item)
		}
		return object
	case map[string]any:
		for key, item := range value {
			value[key] = withStringKeys(item)
		}
	case []any:
		for i, item := range value {
			value[i] = withStringKeys(item)
		}
	}
	return value
}

// The schema, the types and the decoder know the same fields: each struct's yaml tags
// are the properties, and none is without a description.
func TestSchemaHasTheFieldsOfTheTypes(t *testing.T) {
	t.Parallel()
	schema := readSchema(t)
	topics, profile := schema.Properties["topics"], schema.Properties["profiles"].object().others(t).object()
	service := schema.Properties["services"].object().others(t).object()
	connect := service.Properties["connect"].object()
	for typ, node := range map[reflect.Type]*schemaNode{
		reflect.TypeFor[Spec]():     schema,
		reflect.TypeFor[Defaults](): schema.Properties["defaults"].object(),
		reflect.TypeFor[Access]():   schema.Properties["access"].object(),
		reflect.TypeFor[Service]():  service,
		reflect.TypeFor[Grant]():    service.Properties["grants"].object().Items.object(),
		reflect.TypeFor[Scram]():    service.Properties["scram"].object(),
		reflect.TypeFor[Quota]():    service.Properties["quota"].object(),
		reflect.TypeFor[Streams]():  service.Properties["streams"].object(),
		reflect.TypeFor[Connect]():  connect,

		reflect.TypeFor[PasswordSource](): service.Properties["scram"].object().Properties["password"].object(),
		reflect.TypeFor[Connector]():      connect.Properties["connectors"].object().others(t).object(),

		reflect.TypeFor[Topic]():    topics.others(t).object(),
		reflect.TypeFor[Profile]():  profile,
		reflect.TypeFor[Override](): profile.Properties["topics"].object().others(t).object(),
	} {
		t.Run(typ.Name(), func(t *testing.T) {
			t.Parallel()
			var tagged, decoded, properties []string
			for i := range typ.NumField() {
				if field := typ.Field(i); field.IsExported() {
					tagged = append(tagged, field.Tag.Get("yaml"))
				}
			}
			for name := range fieldNames(typ) {
				decoded = append(decoded, name)
			}
			for name, property := range node.Properties {
				properties = append(properties, name)
				if property.Description == "" {
					t.Errorf("%s has no description", name)
				}
			}
			slices.Sort(tagged)
			slices.Sort(decoded)
			slices.Sort(properties)
			if diff := cmp.Diff(tagged, properties); diff != "" {
				t.Errorf("properties (-fields +schema):\n%s", diff)
			}
			if diff := cmp.Diff(tagged, decoded); diff != "" {
				t.Errorf("decoder (-fields +decoded):\n%s", diff)
			}
		})
	}
	settings := schema.Properties["defaults"].object().Properties["config"].object().Properties
	if len(settings) != len(ConfigNames()) {
		t.Errorf("the schema has %d settings of %d", len(settings), len(ConfigNames()))
	}
}
