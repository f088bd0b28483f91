// Package access has the commands about who may do what: can, and list acls.
//
// can.go is the question whether somebody may do something, parsed; can_answer.go asks the brokers for the ACLs that are
// about it and decides as their authorizer does; can_view.go has the forms of the answer, and can_grant.go what makes a
// yes of a no. list_acls.go lists ACLs, list_acls_rows.go is their table.
package access
