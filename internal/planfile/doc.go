// Package planfile is the file of a saved plan: its bytes, what they bind the plan to, and the digest that
// shows that none of them was changed.
//
// document.go has the fields, encode.go and decode.go the way there and back, hash.go the hashes. How a plan
// stands against what brokers show later is [topicspec.Reviewed.Against]. Everything here is pure.
package planfile
