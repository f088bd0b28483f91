// Package accessadmin is users, ACLs and quotas of a cluster: observed, made, and waited for until every broker shows
// them. What is to be made package access says.
//
// A [Keeper] (keeper.go) is the [admin.AccessKeeper] of a file, so that access is a part of the plan that topics have.
//
//   - observe.go: what the brokers answer. Bindings come from every live broker (bindings.go), users and quotas from one
//     (users.go, quotas.go). Brokers never tell a password: trial.go logs in with the wanted one.
//   - password.go: where passwords are, and where a new one goes (password_file.go). None of them is ever printed.
//   - validate.go: what can be known before the first write.
//   - make.go: one stage of the plan, in requests that controllers take (requests.go): make_users.go, make_bindings.go,
//     make_quotas.go. Each returns once every live broker shows it (settle.go).
//
// All that is written can be written again: whoever was ended half way plans anew, and makes what is left.
package accessadmin
