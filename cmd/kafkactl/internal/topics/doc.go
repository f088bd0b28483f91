// Package topics has the commands list and describe, of topics, brokers and the cluster.
package topics
