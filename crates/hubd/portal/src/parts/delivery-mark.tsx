// How far an entry has come on its way to the chart.

import type { Delivery } from "../hub-api";
import { deliveryWord } from "../words";
import { Icon, type IconName } from "./icons";

const SIGN: Record<Delivery, IconName> = {
  at_hub: "hub",
  in_ehr: "check",
  set_aside: "look",
  unknown: "look",
};

export function DeliveryMark({ delivery }: { delivery: Delivery }) {
  return (
    <p class={`delivery delivery-${delivery}`} data-testid="delivery">
      <Icon name={SIGN[delivery]} />
      {deliveryWord(delivery)}
    </p>
  );
}
