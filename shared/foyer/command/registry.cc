#include "foyer/command/registry.h"

#include "foyer/command/assign_case.h"
#include "foyer/command/cancel_case.h"
#include "foyer/command/confirm_case.h"
#include "foyer/command/desk_visit.h"
#include "foyer/command/grant_entitlement.h"
#include "foyer/command/hold_case.h"
#include "foyer/command/import_rows.h"
#include "foyer/command/invite_contact.h"
#include "foyer/command/kiosk_device.h"
#include "foyer/command/kiosk_visit.h"
#include "foyer/command/note_case.h"
#include "foyer/command/open_case.h"
#include "foyer/command/pend_case.h"
#include "foyer/command/reopen_case.h"
#include "foyer/command/reply_case.h"
#include "foyer/command/resolve_case.h"
#include "foyer/command/resolve_conflict.h"
#include "foyer/command/roles.h"
#include "foyer/command/save_record.h"
#include "foyer/command/set_case_priority.h"
#include "foyer/command/start_case.h"
#include "foyer/command/wake_case.h"

namespace foyer {
namespace {

constexpr CommandInfo kCommands[] = {
    command_info<OpenCase>("command.case.open", kDeskAndCustomers, "C"),
    command_info<ReplyCase>("command.case.reply", kDeskAndCustomers, "R"),
    command_info<NoteCase>("command.case.note", kDesk, "N"),
    command_info<AssignCase>("command.case.assign", kDesk, "A"),
    command_info<StartCase>("command.case.start", kDesk, "S"),
    command_info<PendCase>("command.case.pend", kDesk, "P"),
    command_info<HoldCase>("command.case.hold", kDesk, "H"),
    command_info<WakeCase>("command.case.wake", kDesk, "W"),
    command_info<ResolveCase>("command.case.resolve", kDesk, "E"),
    command_info<ConfirmCase>("command.case.confirm", kCustomerRoles),
    command_info<ReopenCase>("command.case.reopen", kDeskAndCustomers),
    command_info<CancelCase>("command.case.cancel", kDeskAndCustomers),
    command_info<SetCasePriority>("command.case.set_priority", kDesk),
    command_info<InviteContact>("command.contact.invite", kInviters),
    command_info<SetContactScope>("command.contact.set_scope", kInviters),
    command_info<SaveRecord>("command.record.save", kKeepers),
    command_info<RemoveRecord>("command.record.remove", kKeepers),
    command_info<GrantEntitlement>("command.entitlement.grant",
                                   kLeads | Roles{Role::kAdmin, Role::kSales}),
    command_info<CreateCheckIn>("command.check_in.create", kAtKiosk),
    command_info<OpenCaseAtKiosk>("command.case.open_at_kiosk", kAtKiosk),
    command_info<GiveFeedback>("command.feedback.give", kAtKiosk),
    command_info<CallCheckIn>("command.check_in.call", kDesk),
    command_info<EndCheckIn>("command.check_in.end", kDesk),
    command_info<SetUpKiosk>("command.kiosk.set_up", kKioskKeepers),
    command_info<EnrolDevice>("command.device.enrol", kServerAlone),
    command_info<ReportDevice>("command.device.report", kAtKiosk),
    command_info<RevokeDevice>("command.device.revoke", kKioskKeepers),
    command_info<ParkSubmission>("command.submission.park", kServerAlone),
    command_info<SettleSubmission>("command.submission.settle", kDesk),
    command_info<ResolveConflict>("command.conflict.resolve", kDeciders),
    command_info<StartImport>("command.import.start", kImporters),
    command_info<ImportRows>("command.import.rows", kImporters),
    command_info<FinishImport>("command.import.finish", kImporters),
    command_info<UndoImport>("command.import.undo", kImporters),
};

}  // namespace

std::span<const CommandInfo> commands() { return kCommands; }

const CommandInfo* find_command(std::string_view name) {
  for (const CommandInfo& command : kCommands)
    if (command.name == name) return &command;
  return nullptr;
}

}  // namespace foyer
