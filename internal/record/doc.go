// Package record moves records: where reading begins and ends, the forms records have
// as text, and the event envelope.
package record
