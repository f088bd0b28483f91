package kafkatest

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// quickJVM makes short-lived JVMs start sooner: the first compiler tier only, no collector threads,
// no shared statistics file. It replaces Apache's server defaults (both tiers, G1, JMX).
func quickJVM() []string {
	return []string{"-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:-UsePerfData", "-Djava.awt.headless=true"}
}

// javaPath returns the java of JAVA_HOME, else the one on PATH, else "java" with the look-up's
// error.
func javaPath() (string, error) {
	if home := os.Getenv("JAVA_HOME"); home != "" {
		if path, err := exec.LookPath(filepath.Join(home, "bin", "java")); err == nil {
			return path, nil
		}
	}
	path, err := exec.LookPath("java")
	if err != nil {
		return "java", err
	}
	return path, nil
}

// logFlags point the logging library of a Kafka version to its configuration file.
func logFlags(version, config, level string) []string {
	if version == kafka39 {
		return []string{"-Dlog4j.configuration=file:" + config, "-Dkafkatest.level=" + level}
	}
	return []string{
		"-Dlog4j2.configurationFile=" + config, "-Dkafkatest.level=" + level,
		"-Dlog4j2.disableJmx=true", // its start-up costs time and nobody asks it
	}
}

// javaBuild returns a text that differs for each build of Java.
func javaBuild(java string) ([]byte, error) {
	path, err := filepath.EvalSymlinks(java)
	if err != nil {
		return nil, fmt.Errorf("find java: %w", err)
	}
	build, err := os.ReadFile(filepath.Join(filepath.Dir(path), "..", "release"))
	if err != nil {
		return nil, fmt.Errorf("read java's build: %w", err)
	}
	return append(build, path...), nil
}

// JavaHome returns the directory of the Java that this package runs its brokers with.
func JavaHome() (string, error) {
	java, err := javaPath()
	if err == nil {
		java, err = filepath.EvalSymlinks(java)
	}
	if err != nil {
		return "", fmt.Errorf("find java: %w", err)
	}
	return filepath.Dir(filepath.Dir(java)), nil
}
