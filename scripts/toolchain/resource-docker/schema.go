package main

import (
	"slices"
	"strings"

	"github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfbridge"
	shim "github.com/pulumi/pulumi-terraform-bridge/v3/pkg/tfshim"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

type fieldInfos = map[string]*tfbridge.SchemaInfo

// packageSchema describes every resource and function, with the names the bridge translates by.
func packageSchema(info tfbridge.ProviderInfo) schema.PackageSpec {
	w := schemaWriter{types: map[string]schema.ComplexTypeSpec{}}
	spec := schema.PackageSpec{
		Name:        info.Name,
		Version:     info.Version,
		License:     "Apache-2.0",
		Description: "The Docker provider, built from its sources.",
		// In docker:index/container:Container the module is index.
		Meta:      &schema.MetadataSpec{ModuleFormat: "(.*)(?:/[^/]*)"},
		Types:     w.types,
		Resources: map[string]schema.ResourceSpec{},
		Functions: map[string]schema.FunctionSpec{},
	}
	// The provider's own settings are its inputs; none is required, as host has a default.
	config := w.inputs("Provider", info.P.Schema(), info.Config)
	spec.Config = schema.ConfigSpec{Variables: config.Properties}
	spec.Provider = &schema.ResourceSpec{
		ObjectTypeSpec:  schema.ObjectTypeSpec{Properties: config.Properties},
		InputProperties: config.Properties,
	}
	for name, class := range resources {
		fields := info.Resources[name].Fields
		shape := info.P.ResourcesMap().Get(name).Schema()
		inputs := w.inputs(class, shape, fields)
		outputs := w.object(class, shape, fields, false)
		// Every resource has an id beside its properties.
		delete(outputs.Properties, "id")
		outputs.Required = slices.DeleteFunc(outputs.Required, func(n string) bool { return n == "id" })
		spec.Resources[token(class)] = schema.ResourceSpec{
			ObjectTypeSpec:  outputs,
			InputProperties: inputs.Properties,
			RequiredInputs:  inputs.Required,
		}
	}
	for name, function := range dataSources {
		fields := info.DataSources[name].Fields
		shape := info.P.DataSourcesMap().Get(name).Schema()
		title := strings.ToUpper(function[:1]) + function[1:]
		inputs := w.inputs(title, shape, fields)
		outputs := w.object(title+"Result", shape, fields, false)
		spec.Functions[token(function)] = schema.FunctionSpec{Inputs: &inputs, Outputs: &outputs}
	}
	return spec
}

type schemaWriter struct {
	types map[string]schema.ComplexTypeSpec
}

// inputs describes what can be given to a resource, a function or the provider: all but what only the
// provider itself sets.
func (w schemaWriter) inputs(
	name string, fields shim.SchemaMap, infos fieldInfos,
) schema.ObjectTypeSpec {
	spec := w.object(name, fields, infos, true)
	fields.Range(func(key string, field shim.Schema) bool {
		if !field.Optional() && !field.Required() {
			delete(spec.Properties, tfbridge.TerraformToPulumiNameV2(key, fields, infos))
		}
		return true
	})
	return spec
}

// object describes an object as an input or as it is recorded; name begins the names of the types
// nested in it.
func (w schemaWriter) object(
	name string, fields shim.SchemaMap, infos fieldInfos, inputs bool,
) schema.ObjectTypeSpec {
	spec := schema.ObjectTypeSpec{Type: "object", Properties: map[string]schema.PropertySpec{}}
	fields.Range(func(key string, field shim.Schema) bool {
		if field.Removed() != "" {
			return true
		}
		info := infos[key]
		property := tfbridge.TerraformToPulumiNameV2(key, fields, infos)
		spec.Properties[property] = schema.PropertySpec{
			TypeSpec:           w.fieldType(name+strings.ToUpper(property[:1])+property[1:], field, info, inputs),
			Description:        field.Description(),
			DeprecationMessage: field.Deprecated(),
			Secret:             field.Sensitive(),
		}
		if required(field, info, inputs) {
			spec.Required = append(spec.Required, property)
		}
		return true
	})
	slices.Sort(spec.Required)
	return spec
}

func required(field shim.Schema, info *tfbridge.SchemaInfo, inputs bool) bool {
	hasDefault := info != nil && info.HasDefault()
	if inputs {
		return field.Required() && !hasDefault
	}
	return !field.Optional() || field.Computed() || hasDefault
}

func (w schemaWriter) fieldType(
	name string, field shim.Schema, info *tfbridge.SchemaInfo, inputs bool,
) schema.TypeSpec {
	switch field.Type() {
	case shim.TypeBool:
		return schema.TypeSpec{Type: "boolean"}
	case shim.TypeInt:
		return schema.TypeSpec{Type: "integer"}
	case shim.TypeFloat:
		return schema.TypeSpec{Type: "number"}
	case shim.TypeMap:
		element := w.elementType(name, field.Elem(), info, inputs)
		return schema.TypeSpec{Type: "object", AdditionalProperties: &element}
	case shim.TypeList, shim.TypeSet:
		element := w.elementType(name, field.Elem(), info, inputs)
		if tfbridge.IsMaxItemsOne(field, info) {
			return element
		}
		return schema.TypeSpec{Type: "array", Items: &element}
	default:
		return schema.TypeSpec{Type: "string"}
	}
}

func (w schemaWriter) elementType(
	name string, element any, info *tfbridge.SchemaInfo, inputs bool,
) schema.TypeSpec {
	var nested *tfbridge.SchemaInfo
	if info != nil {
		nested = info.Elem
	}
	switch element := element.(type) {
	case shim.Resource:
		var infos fieldInfos
		if nested != nil {
			infos = nested.Fields
		}
		if !inputs {
			name += "State"
		}
		w.types[token(name)] = schema.ComplexTypeSpec{
			ObjectTypeSpec: w.object(name, element.Schema(), infos, inputs),
		}
		return schema.TypeSpec{Ref: "#/types/" + token(name)}
	case shim.Schema:
		return w.fieldType(name, element, nested, inputs)
	default:
		return schema.TypeSpec{Type: "string"}
	}
}
