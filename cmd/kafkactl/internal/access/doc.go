// Package access has the commands about who may do what: can, list acls, describe access, and access credentials.
//
// can.go is the question whether somebody may do something, parsed; can_answer.go asks the brokers for the ACLs that are
// about it and decides as their authorizer does; can_view.go has the forms of the answer, and can_grant.go what makes a
// yes of a no. list_acls.go lists ACLs, list_acls_rows.go is their table.
//
// describe_access.go asks about a service of the topics file or, in describe_access_list.go, about all of them.
// describe_access_view.go says how what is declared stands on the brokers; describe_access_doc.go and
// describe_access_text.go are its forms. credentials.go prints what a service logs in with: the only place where a
// password is printed. service.go finds the service.
package access
