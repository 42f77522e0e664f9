// Reads manifests from standard input and decodes each as the API server would, strictly: a key that its type does not
// have, or has twice, is an error, and so is a value of another type. Kinds that do not come with Kubernetes are printed
// to standard output as JSON, one per line, for whoever knows them.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/client-go/kubernetes/scheme"
	sigs "sigs.k8s.io/yaml"
)

func main() {
	decoder := serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict).UniversalDeserializer()
	reader := yaml.NewYAMLReader(bufio.NewReader(os.Stdin))
	failed := false
	for {
		document, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err == nil {
			err = check(decoder, document)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			failed = true
		}
	}
	if failed {
		os.Exit(1)
	}
}

func check(decoder runtime.Decoder, document []byte) error {
	var object map[string]any
	if err := sigs.UnmarshalStrict(document, &object); err != nil {
		return err
	}
	if len(object) == 0 {
		return nil
	}
	_, _, err := decoder.Decode(document, nil, nil)
	if runtime.IsNotRegisteredError(err) {
		return json.NewEncoder(os.Stdout).Encode(object)
	}
	if err != nil {
		return fmt.Errorf("%v %v: %w", object["kind"], object["metadata"].(map[string]any)["name"], err)
	}
	return nil
}
