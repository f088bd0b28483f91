package accessadmin

import (
	"context"
	"fmt"

	"kafkactl/internal/topicspec"
)

// Make makes the changes of one stage, and returns once every live broker shows them: see [admin.AccessKeeper]. A change
// that the brokers had not made, or did not show everywhere, when ctx ended is an [*admin.OverdueError].
func (k *Keeper) Make(ctx context.Context, stage topicspec.Stage, changes []topicspec.Change) []error {
	switch stage {
	case topicspec.StageUsers:
		return k.makeUsers(ctx, changes)
	case topicspec.StageAllow:
		return k.allow(ctx, changes)
	case topicspec.StageQuotas:
		return k.makeQuotas(ctx, changes)
	case topicspec.StageRevoke:
		return k.revoke(ctx, changes)
	case topicspec.StageForget:
		return k.forgetUsers(ctx, changes)
	default:
		return failed(len(changes), fmt.Errorf("stage %s is not one of users, ACLs and quotas", stage))
	}
}
