package topicspec

import (
	"encoding/json"
	"fmt"

	"github.com/invopop/jsonschema"
)

// Schema is the JSON Schema (2020-12) of the file, generated from the types the decoder fills, so
// that an editor accepts what Parse accepts. It ends in a newline.
func Schema() ([]byte, error) {
	reflector := &jsonschema.Reflector{
		FieldNameTag:               "yaml",
		RequiredFromJSONSchemaTags: true,
		DoNotReference:             true,
		Anonymous:                  true,
	}
	schema := reflector.Reflect(&Spec{})
	schema.Title = "kafkactl topics.yaml"
	schema.Description = "The topics of a Kafka cluster, as kafkactl apply makes them."
	loosenInside(schema)
	out, err := json.MarshalIndent(schema, "", "  ")
	if err != nil {
		return nil, fmt.Errorf("encode the schema: %w", err)
	}
	return append(out, '\n'), nil
}

// loosenInside allows every value inside s to be what the decoder takes beside the type of its
// field: null for an empty mapping or list (`order.created:` alone takes every default), a string
// with a variable for a number or for one of a few words.
func loosenInside(s *jsonschema.Schema) {
	for p := s.Properties.Oldest(); p != nil; p = p.Next() {
		loosen(p.Value)
	}
	for _, items := range []*jsonschema.Schema{s.AdditionalProperties, s.Items} {
		if items != nil {
			loosen(items)
		}
	}
	for _, one := range s.OneOf {
		loosenInside(one)
	}
}

func loosen(s *jsonschema.Schema) {
	loosenInside(s)
	var other jsonschema.Schema
	switch {
	case s.MinProperties != nil:
		return // it must not be empty
	case s.Type == "object", s.Type == "array":
		other.Type = "null"
	case s.Type == "integer", s.Type == "boolean", s.Type == "string" && s.Enum != nil:
		other.Type, other.Pattern = "string", `\$\{`
	default:
		return
	}
	typed := *s
	typed.Description = ""
	*s = jsonschema.Schema{OneOf: []*jsonschema.Schema{&typed, &other}, Description: s.Description}
}

// JSONSchemaExtend demands a topic: no struct tag can.
func (Spec) JSONSchemaExtend(s *jsonschema.Schema) {
	atLeast := uint64(1)
	s.Properties.Value("topics").MinProperties = &atLeast
}

// JSONSchemaExtend allows a topic with a state nothing else but a description, as Parse does.
func (Topic) JSONSchemaExtend(s *jsonschema.Schema) {
	s.If = &jsonschema.Schema{Required: []string{fieldState}}
	s.Then = &jsonschema.Schema{PropertyNames: &jsonschema.Schema{Enum: []any{"description", fieldState}}}
}

// JSONSchema returns that of a string or a list of strings.
func (NameList) JSONSchema() *jsonschema.Schema {
	name := &jsonschema.Schema{Type: "string"}
	return &jsonschema.Schema{OneOf: []*jsonschema.Schema{name, {Type: "array", Items: name}}}
}

// JSONSchema returns that of a number with or without a unit, or null.
func (Setting) JSONSchema() *jsonschema.Schema {
	return &jsonschema.Schema{OneOf: []*jsonschema.Schema{{Type: "number"}, {Type: "string"}, {Type: "null"}}}
}

// JSONSchemaExtend allows a service with a state nothing else but its principal and a description, as Parse does.
func (Service) JSONSchemaExtend(s *jsonschema.Schema) {
	s.If = &jsonschema.Schema{Required: []string{fieldState}}
	s.Then = &jsonschema.Schema{PropertyNames: &jsonschema.Schema{Enum: []any{"description", fieldPrincipal, fieldState}}}
}

// JSONSchemaExtend allows an application.id in the place of the mapping.
func (Streams) JSONSchemaExtend(s *jsonschema.Schema) {
	fields := *s
	*s = jsonschema.Schema{OneOf: []*jsonschema.Schema{&fields, {Type: "string"}, {Type: "null"}}}
}

// JSONSchema lists the settings some Kafka version knows, so that editors complete their names;
// others are refused, as Parse refuses them.
func (Config) JSONSchema() *jsonschema.Schema {
	properties := jsonschema.NewProperties()
	for _, k := range knownConfigs {
		if !isThrottle(k.name) {
			properties.Set(k.name, k.schema())
		}
	}
	vendors := knownConfig{}.schema()
	vendors.Description = "A setting of another vendor's brokers, which alone know its values."
	return &jsonschema.Schema{
		Type: "object", Properties: properties, AdditionalProperties: jsonschema.FalseSchema,
		PatternProperties: map[string]*jsonschema.Schema{`^(confluent|redpanda)\.`: vendors},
	}
}

// schema returns what the value of one setting may be. Units and variables make every value a
// possible string, and a text may look like a number or a boolean to YAML.
func (k knownConfig) schema() *jsonschema.Schema {
	s := &jsonschema.Schema{Description: k.description()}
	var types []string
	switch k.kind {
	case kindBoolean:
		types = []string{"boolean", "string", "null"}
	case kindInt, kindShort, kindLong:
		types = []string{"integer", "string", "null"}
	case kindDouble:
		types = []string{"number", "string", "null"}
	default:
		types = []string{"string", "number", "boolean", "null"}
	}
	for _, t := range types {
		s.OneOf = append(s.OneOf, &jsonschema.Schema{Type: t})
	}
	return s
}
